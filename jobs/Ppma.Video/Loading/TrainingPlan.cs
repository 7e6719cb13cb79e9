namespace Ppma.Video.Loading;

/// <summary>Which clips a stage visits, in which order, and how many views it takes of each.</summary>
public sealed record TrainingPlan
{
    public required long Seed { get; init; }

    /// <summary>Clips in a batch; the batch holds this many times <see cref="ViewsPerClip"/> views.</summary>
    public required int ClipsPerBatch { get; init; }

    /// <summary>Views of one decoded clip ("repeated augmentation"); they stay together in one batch.</summary>
    public int ViewsPerClip { get; init; } = 1;

    public required long ShuffleBlockBytes { get; init; }

    /// <summary>Share of batches of each data set; null means in proportion to their clips.</summary>
    public IReadOnlyList<double>? Weights { get; init; }

    /// <summary>Threads that decode.</summary>
    public int Threads { get; init; } = 1;
}
