using Ppma.Datasets.Ordering;

namespace Ppma.Video.Loading;

/// <summary>Which clips a stage visits, in which order, and how many views it takes of each.</summary>
public sealed record TrainingPlan
{
    public required long Seed { get; init; }

    /// <summary>Clips in a batch, all ranks together; the batch holds this many times <see cref="ViewsPerClip"/> views.</summary>
    public required int ClipsPerBatch { get; init; }

    /// <summary>Views of one decoded clip ("repeated augmentation"); they stay together in one batch, on one rank.</summary>
    public int ViewsPerClip { get; init; } = 1;

    public required long ShuffleBlockBytes { get; init; }

    /// <summary>Share of batches of each data set; null means in proportion to their clips.</summary>
    public IReadOnlyList<double>? Weights { get; init; }

    /// <summary>Which part of each batch this process makes. The default value is the whole.</summary>
    public RankShare Share { get; init; } = RankShare.Whole;

    /// <summary>Consecutive clips that stay on one rank, because they are mixed with each other. The default value is 1.</summary>
    public int ClipsPerGroup { get; init; } = 1;
}
