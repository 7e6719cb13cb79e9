namespace Ppma.Api.Runs;

/// <summary>What a run has come to; at most 16 KiB.</summary>
public record RunStatus
{
    /// <summary>−1 until the operator has seen the resource, so that nobody takes a fresh one for done.</summary>
    public long ObservedGeneration { get; init; } = -1;

    public IList<Condition> Conditions { get; init; } = [];

    public DateTime? StartTime { get; init; }

    public DateTime? CompletionTime { get; init; }

    public IList<StageStatus> Stages { get; init; } = [];

    public RestartStatus? Restarts { get; init; }

    public UsageStatus? Usage { get; init; }

    public PrivacyStatus? Privacy { get; init; }

    public string? TaskDigest { get; init; }

    public string? InputDigest { get; init; }

    public RecordReference? Record { get; init; }
}
