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

    /// <summary>Checkpoints of every so many steps stay for good; 0 keeps none. A multiple of <see cref="EverySteps"/> where both are set.</summary>
    public int KeepEverySteps { get; init; }

    /// <summary>Keeps the checkpoint that does best on the stage's validation set; null keeps none.</summary>
    public BestPolicy? Best { get; init; }
}
