namespace Ppma.Video.Tests.Augmentation;

/// <summary>How far numbers are from being uniform.</summary>
internal static class Uniformity
{
    /// <summary>Largest gap between the numbers' distribution and the uniform one over [least, most] (Kolmogorov and Smirnov).</summary>
    public static double Gap(IEnumerable<double> numbers, double least, double most)
    {
        double[] sorted = [.. numbers.Order()];
        return sorted.Select((number, i) => Math.Abs(((number - least) / (most - least)) - ((i + 0.5) / sorted.Length))).Max();
    }
}
