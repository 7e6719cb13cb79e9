namespace Ppma.Benchmarks.Streaming;

/// <summary>Ours beside a peer, measured in turns so that both meet the same machine.</summary>
/// <param name="Ours">Median of our rates.</param>
/// <param name="Peer">Median of the peer's.</param>
/// <param name="Ratio">Median of the ratios of each round.</param>
/// <param name="Least">Smallest ratio.</param>
/// <param name="Most">Largest ratio.</param>
internal sealed record Comparison(double Ours, double Peer, double Ratio, double Least, double Most)
{
    private const int Rounds = 5;

    /// <summary>Both once without counting, then five rounds of both.</summary>
    public static async Task<Comparison> OfAsync(Func<int, Task<double>> ours, Func<int, Task<double>> peer)
    {
        await ours(0);
        await peer(0);
        var rounds = new List<(double Ours, double Peer)>();
        for (int round = 1; round <= Rounds; round++)
        {
            rounds.Add((await ours(round), await peer(round)));
        }

        double[] ratios = [.. rounds.Select(round => round.Ours / round.Peer).Order()];
        return new Comparison(Median(rounds.Select(round => round.Ours)), Median(rounds.Select(round => round.Peer)), ratios[Rounds / 2], ratios[0], ratios[^1]);
    }

    public void Print(string what, string unit, string goal) => Console.WriteLine(
        $"| {what} | {Ours:g4} {unit} | {Peer:g4} {unit} | {Ratio:f2} ({Least:f2} to {Most:f2}) | {goal} |");

    public static double Median(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        return ordered[ordered.Length / 2];
    }
}
