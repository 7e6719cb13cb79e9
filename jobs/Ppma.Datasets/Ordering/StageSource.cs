namespace Ppma.Datasets.Ordering;

/// <summary>A data set as the order of a stage sees it.</summary>
public sealed record StageSource
{
    /// <summary>Digest of the data set.</summary>
    public required string Digest { get; init; }

    public required string Split { get; init; }

    /// <summary>The split's shards, in the order of the index.</summary>
    public required IReadOnlyList<ShardSize> Shards { get; init; }

    /// <summary>
    /// Share of the batches in relation to the other data sets; null means in proportion to the number of clips. A set that counts
    /// k times has k times its clips as weight.
    /// </summary>
    public double? Weight { get; init; }
}
