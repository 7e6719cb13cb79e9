using Ppma.Api;
using Ppma.Api.Tasks;

namespace Ppma.Cli.Reporting;

/// <summary>
/// Everything <c>ppma run</c> found: the table, the training behind it, and what is needed to repeat it.
/// <c>results.json</c> is this record; <c>report.md</c> and <c>report.html</c> show it.
/// </summary>
internal sealed record BenchmarkReport
{
    /// <summary>What was run: the manifest's file or folder.</summary>
    public required string Title { get; init; }

    public required DateTimeOffset CompletionTime { get; init; }

    /// <summary>Wall-clock time of this call of <c>ppma run</c>.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>Seconds in tasks, finished in this call or in an earlier one.</summary>
    public required double TaskSeconds { get; init; }

    /// <summary>The table, in the order of the manifests.</summary>
    public required IReadOnlyList<BenchmarkRow> Rows { get; init; }

    public required IReadOnlyList<StageReport> Training { get; init; }

    public required IReadOnlyList<DatasetReport> Datasets { get; init; }

    /// <summary>What failed, and what could not run because of it; empty when the table is complete.</summary>
    public required IReadOnlyList<RunProblem> Problems { get; init; }

    /// <summary>Name and version: <c>.NET</c>, <c>libtorch</c>, <c>cpu</c> and the like, as the records of the tasks say.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Every task's record, relative to the report's folder.</summary>
    public required IReadOnlyList<string> Records { get; init; }
}

/// <summary>One recipe on one data set: all its trials.</summary>
internal sealed record BenchmarkRow
{
    /// <summary>For people, for example <c>PPMA</c>, or the name of the run the weights are from.</summary>
    public required string Row { get; init; }

    public required string Dataset { get; init; }

    public required Protocol Protocol { get; init; }

    /// <summary>What a linear probe did with the trunk; probes of other modes are other rows.</summary>
    public TrunkMode Trunk { get; init; }

    /// <summary>Whether these are the randomly initialised models that <see cref="DeltaToRandom"/> compares with.</summary>
    public required bool IsRandom { get; init; }

    public required IReadOnlyList<BenchmarkTrial> Trials { get; init; }

    /// <summary>Mean top-1, 0..1.</summary>
    public required double Mean { get; init; }

    /// <summary>
    /// Sample standard deviation of top-1: over pre-trainings (each the mean of its trials) where there are several,
    /// else over trials; absent for a single one.
    /// </summary>
    public double? Std { get; init; }

    /// <summary>What <see cref="Std"/> is taken over: <c>pre-training seeds</c> or <c>probe seeds</c>.</summary>
    public required string SpreadOver { get; init; }

    /// <summary>How many of them.</summary>
    public required int Count { get; init; }

    /// <summary>Mean top-1 less that of the random row of the same data set, protocol and trunk mode; absent where there is none.</summary>
    public double? DeltaToRandom { get; init; }
}

/// <summary>One EvalRun that ended with a result; shares in 0..1.</summary>
internal sealed record BenchmarkTrial
{
    public required string Name { get; init; }

    public required long Seed { get; init; }

    /// <summary>The PretrainRun whose weights were evaluated; absent for random ones.</summary>
    public string? PretrainRun { get; init; }

    public required double Top1 { get; init; }

    public required double Top5 { get; init; }

    public required double MeanClassAccuracy { get; init; }

    /// <summary>95 % interval of <see cref="Top1"/> from the number of clips alone.</summary>
    public ShareInterval? Top1Interval { get; init; }

    /// <summary>Adaptive average: the learned share of each member.</summary>
    public IReadOnlyList<double>? MemberShares { get; init; }

    public required int Samples { get; init; }

    public required double PeakRate { get; init; }

    public required IReadOnlyList<RateTrial> RateTrials { get; init; }

    public required double Seconds { get; init; }
}

/// <summary>One pre-training stage that ended with a result.</summary>
internal sealed record StageReport
{
    public required string Run { get; init; }

    public required string Stage { get; init; }

    public required Objective Objective { get; init; }

    public required long Steps { get; init; }

    public required double FinalLoss { get; init; }

    public required IReadOnlyList<CurvePoint> LossCurve { get; init; }

    /// <summary>Its folder, relative to the report's, with forward slashes.</summary>
    public required string Artifacts { get; init; }

    /// <summary>PNG files (original | masked | mask | reconstruction), relative to the report's folder.</summary>
    public required IReadOnlyList<string> Reconstructions { get; init; }

    public required long DamagedClips { get; init; }

    public required double Seconds { get; init; }
}

/// <summary>One line of a stage's <c>curve.jsonl</c>.</summary>
internal sealed record CurvePoint(long Step, double Loss, double Rate);

/// <summary>A data set as it was read; its classes, where known, give the level of chance.</summary>
internal sealed record DatasetReport(string Name, Humans Humans, string Digest, int? Classes = null);

/// <summary>A task that gave no result.</summary>
/// <param name="Run">Name of the run.</param>
/// <param name="Stage">Name of the stage; absent for an EvalRun.</param>
/// <param name="ExitCode">The worker's; absent when it never ran.</param>
/// <param name="Message">Why, and what to do.</param>
internal sealed record RunProblem(string Run, string? Stage, int? ExitCode, string Message);
