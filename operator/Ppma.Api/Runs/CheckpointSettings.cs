using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>When checkpoints are written and which stay.</summary>
public sealed record CheckpointSettings
{
    /// <summary>Seconds between two checkpoints; the last step always writes one.</summary>
    [Range(1, 86_400)]
    public int EverySeconds { get; init; } = 900;

    /// <summary>Steps between two checkpoints; 0 means by time only.</summary>
    [Range(0, int.MaxValue)]
    public int EverySteps { get; init; }

    /// <summary>How many of the newest stay.</summary>
    [Range(2, 100)]
    public int KeepLast { get; init; } = 2;

    /// <summary>Checkpoints of every so many steps stay for good; 0 keeps none. A multiple of <see cref="EverySteps"/> where both are set.</summary>
    [Range(0, int.MaxValue)]
    public int KeepEverySteps { get; init; }

    /// <summary>PretrainRun: also keep the checkpoint that does best on a stage's validation set.</summary>
    public BestCheckpoint? Best { get; init; }
}
