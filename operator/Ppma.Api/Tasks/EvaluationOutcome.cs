namespace Ppma.Api.Tasks;

/// <summary>What a trial measured on its test split.</summary>
public sealed record EvaluationOutcome
{
    /// <summary>Shares in 0..1.</summary>
    public required double Top1 { get; init; }

    public required double Top5 { get; init; }

    public required double MeanClassAccuracy { get; init; }

    /// <summary>What the number of test clips says of <see cref="Top1"/>; nothing of other seeds or pre-trainings.</summary>
    public ShareInterval? Top1Interval { get; init; }

    /// <summary>As <see cref="Top1Interval"/>, of <see cref="Top5"/>.</summary>
    public ShareInterval? Top5Interval { get; init; }

    /// <summary>Clips tested; damaged ones count as wrong.</summary>
    public required int Samples { get; init; }

    public int DamagedClips { get; init; }

    /// <summary>The first clips of both splits that could not be decoded, as data set/shard/key; absent where there are none. The record has more.</summary>
    public IReadOnlyList<string>? DamagedSamples { get; init; }

    /// <summary>The rate used, and what each candidate reached on the held-out clips.</summary>
    public required double PeakRate { get; init; }

    public IReadOnlyList<RateTrial> RateTrials { get; init; } = [];

    /// <summary>
    /// Adaptive average: the share of each member that was learned, in the order of the members, summing to 1; with a score a tensor, the mean
    /// over the tensors. Absent otherwise.
    /// </summary>
    public IReadOnlyList<double>? MemberShares { get; init; }
}
