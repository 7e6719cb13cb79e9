namespace Ppma.Datasets.Indexing;

/// <summary>One shard, as the index lists it.</summary>
public sealed record ShardEntry
{
    /// <summary>Name relative to the index.</summary>
    public required string Name { get; init; }

    public required string Split { get; init; }

    /// <summary>Size of the file.</summary>
    public required long Bytes { get; init; }

    public required int Samples { get; init; }

    /// <summary>SHA-256 of the file, lower-case hex; null where the index pins ETags alone (<see cref="ShardHashing.ETag"/>).</summary>
    public required string? Sha256 { get; init; }

    /// <summary>The version that reads are pinned to; null where the index names none, and the first version seen is pinned.</summary>
    public string? ETag { get; init; }

    public required OffsetsFile Offsets { get; init; }
}
