namespace Ppma.Benchmarks.Operating;

/// <summary>Times in milliseconds and what share of them is below.</summary>
internal static class Percentiles
{
    /// <summary>Nearest rank: the smallest time that the share of all times does not exceed.</summary>
    public static double At(IReadOnlyCollection<double> times, double share) =>
        times.Order().ElementAt(Math.Clamp((int)Math.Ceiling(share * times.Count) - 1, 0, times.Count - 1));

    public static void Print(string what, IReadOnlyCollection<double> times, string goal) => Console.WriteLine(
        $"| {what}, n = {times.Count} | p50 {At(times, 0.5):f1} ms, p99 {At(times, 0.99):f1} ms, most {times.Max():f1} ms | | | {goal} |");
}
