namespace Ppma.Api.Runs;

/// <summary>One stage's state.</summary>
public sealed record StageStatus
{
    public string Name { get; init; } = "";

    public string State { get; init; } = "";

    public int Attempt { get; init; }

    public ResourceReference? JobRef { get; init; }

    public string? TaskDigest { get; init; }

    public ProgressStatus? Progress { get; init; }

    public CheckpointStatus? Checkpoint { get; init; }
}
