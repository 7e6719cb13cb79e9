namespace Ppma.EndToEnd.Lab;

/// <summary>
/// The run that faults happen to: the quickstart's PPMA with few and small steps, two stages of some seven seconds each on a quiet machine, a
/// checkpoint every few steps and short waits before another attempt.
/// </summary>
public static class SmallRun
{
    public const string Name = "ppma";

    /// <summary>The stages' names and steps, in order.</summary>
    public static IReadOnlyList<(string Name, int Steps)> Stages { get; } = [("mae", 40), ("align", 24)];

    private const int BatchSize = 32;

    private static readonly string[] Sets = ["context", "synthetic"];

    /// <summary>What <c>kubectl apply</c> gets.</summary>
    public static string Manifests() => QuickstartManifests.ForCluster(LocalManifests());

    /// <summary>What <c>ppma run</c> gets.</summary>
    public static string LocalManifests() => string.Join("\n---\n", [.. Datasets(), Run()]);

    private static IEnumerable<string> Datasets() =>
        QuickstartManifests.Read("datasets.yaml").Split("\n---\n").Where(part => Sets.Any(set => part.Contains($"\n  name: {set}\n", StringComparison.Ordinal)));

    private static string Run()
    {
        string run = QuickstartManifests.Read("pretraining.yaml").Split("\n---\n")[0];
        run = Replace(run, "preset: mae-mini", $"steps: {Stages[0].Steps}\n    batchSize: {BatchSize}\n    preset: mae-mini");
        run = Replace(run, "preset: align-mini", $"steps: {Stages[1].Steps}\n    batchSize: {BatchSize}\n    preset: align-mini");
        return Replace(run, "  seed: 1\n", "  seed: 1\n  checkpoint: {everySteps: 8}\n  restart: {backoffSeconds: 1, maxBackoffSeconds: 2}\n");
    }

    private static string Replace(string text, string old, string with) => text.Contains(old, StringComparison.Ordinal)
        ? text.Replace(old, with, StringComparison.Ordinal)
        : throw new InvalidOperationException($"examples/quickstart has no \"{old}\" any more; change {nameof(SmallRun)} with it.");
}
