namespace Ppma.Datasets.Packing;

/// <summary>How a data set is cut into files.</summary>
public sealed record PackingOptions
{
    /// <summary>Largest shard in bytes; a single sample that is larger gets a shard of its own.</summary>
    public long ShardBytes { get; init; } = 64L << 20;

    /// <summary>Replace a complete data set that is there already.</summary>
    public bool Overwrite { get; init; }
}
