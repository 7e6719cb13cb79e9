using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Cli.Reporting;

namespace Ppma.Cli.Tests.Reporting;

/// <summary>A report of the quickstart's shape with invented numbers.</summary>
internal static class SampleReport
{
    /// <summary>A PNG of one grey pixel.</summary>
    public static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==");

    public const string Picture = "ppma/mae/reconstructions/000200.png";

    public static IReadOnlyDictionary<string, byte[]> Images { get; } = new Dictionary<string, byte[]> { [Picture] = Png };

    public static BenchmarkReport Create() => new()
    {
        Title = "examples/quickstart",
        CompletionTime = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        WallSeconds = 252,
        TaskSeconds = 240.4,
        Rows =
        [
            Row("PPMA", 0.50, 0.25, 0.49, 0.50, 0.51),
            Row("MAE only", 0.30, 0.05, 0.28, 0.30, 0.32),
            Row("MAE → synthetic", 0.60, 0.35, 0.59, 0.60, 0.61),
            Row("Random initialisation", 0.25, null, 0.24, 0.25, 0.26) with { IsRandom = true },
        ],
        Training =
        [
            Stage("ppma", "mae", Objective.MaskedAutoencoding, 400, step => 0.9 + 0.6 * Math.Exp(-step / 40.0)) with { Reconstructions = [Picture] },
            Stage("mae-only", "mae", Objective.MaskedAutoencoding, 400, step => 0.92 + 0.5 * Math.Exp(-step / 60.0)),
            Stage("ppma", "align", Objective.ActionClassification, 250, step => 0.6 + 1.5 * Math.Exp(-step / 80.0)),
        ],
        Datasets =
        [
            new DatasetReport("context", Humans.Removed, new string('a', 64)),
            new DatasetReport("actions", Humans.Synthetic, new string('b', 64), Classes: 8),
        ],
        Problems = [],
        Environment = new Dictionary<string, string> { [".NET"] = "10.0.1", ["libtorch"] = "2.10.0", ["cpu"] = "2 cores" },
        Records = ["ppma/record.json"],
    };

    public static StageReport Stage(string run, string stage, Objective objective, int steps, Func<int, double> loss) => new()
    {
        Run = run,
        Stage = stage,
        Objective = objective,
        Steps = steps,
        FinalLoss = loss(steps),
        LossCurve = [.. Enumerable.Range(1, steps).Select(step => new CurvePoint(step, loss(step), 1e-3))],
        Artifacts = $"{run}/{stage}",
        Reconstructions = [],
        DamagedClips = 0,
        Seconds = 42.4,
    };

    public static BenchmarkRow Row(string name, double mean, double? delta, params double[] trials) => new()
    {
        Row = name,
        Dataset = "actions",
        Protocol = Protocol.LinearProbe,
        IsRandom = false,
        Trials = [.. trials.Select((top1, seed) => Trial($"{name}-{seed}", seed, top1))],
        Mean = mean,
        Std = 0.012,
        SpreadOver = "probe seeds",
        Count = trials.Length,
        DeltaToRandom = delta,
    };

    private static BenchmarkTrial Trial(string name, long seed, double top1) => new()
    {
        Name = name,
        Seed = seed,
        Top1 = top1,
        Top5 = Math.Min(1, top1 + 0.3),
        MeanClassAccuracy = top1,
        Samples = 1000,
        PeakRate = 0.01,
        RateTrials = [new RateTrial(0.01, top1), new RateTrial(0.001, top1 / 2)],
        Seconds = 3.2,
    };
}
