namespace Ppma.Benchmarks.Steps;

/// <summary>The middle of a few measurements.</summary>
internal static class Medians
{
    public static double Of(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return ordered[ordered.Count / 2];
    }
}
