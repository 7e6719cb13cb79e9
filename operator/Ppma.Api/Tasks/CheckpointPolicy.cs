namespace Ppma.Api.Tasks;

/// <summary>When checkpoints are written and which are kept.</summary>
public sealed record CheckpointPolicy
{
    /// <summary>Seconds between two checkpoints; the last step always writes one.</summary>
    public int EverySeconds { get; init; } = 900;

    /// <summary>Steps between two checkpoints; 0 means by time only.</summary>
    public int EverySteps { get; init; }

    /// <summary>How many of the newest checkpoints stay; at least 2, since the newest may be half written.</summary>
    public int KeepLast { get; init; } = 2;
}
