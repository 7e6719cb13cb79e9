namespace Ppma.Api.Tasks;

/// <summary>What a pre-training stage left behind.</summary>
public sealed record TrainingOutcome
{
    public required long Steps { get; init; }

    /// <summary>Mean loss over the last tenth of the steps.</summary>
    public required double FinalLoss { get; init; }

    /// <summary>Last checkpoint, relative to the run's artifacts.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>SHA-256 (hex) of its <c>model.safetensors</c>.</summary>
    public required string WeightsDigest { get; init; }

    /// <summary>
    /// What others can start from: the best checkpoint, those kept for good, and the last. Absent where only the last is known.
    /// </summary>
    public IReadOnlyList<KeptCheckpoint>? Checkpoints { get; init; }

    /// <summary>Clips replaced because they could not be decoded.</summary>
    public long DamagedClips { get; init; }

    /// <summary>The first of them, as data set/shard/key; absent where there are none. The record has more.</summary>
    public IReadOnlyList<string>? DamagedSamples { get; init; }

    /// <summary>What the last step measured on the validation set; absent where there is none.</summary>
    public ValidationPoint? LastValidation { get; init; }

    /// <summary>The best measurement by the checkpoint policy; absent where it keeps no best.</summary>
    public ValidationPoint? BestValidation { get; init; }

    /// <summary>Seconds spent in steps, all attempts.</summary>
    public double ComputeSeconds { get; init; }
}
