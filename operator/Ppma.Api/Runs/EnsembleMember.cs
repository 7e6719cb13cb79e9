namespace Ppma.Api.Runs;

/// <summary>One model of an ensemble: exactly one member is set.</summary>
public sealed record EnsembleMember
{
    public RunWeights? FromRun { get; init; }

    public CheckpointWeights? FromCheckpoint { get; init; }
}
