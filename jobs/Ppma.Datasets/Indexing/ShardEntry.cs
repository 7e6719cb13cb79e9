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

    /// <summary>SHA-256 of the file, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    public required OffsetsFile Offsets { get; init; }
}
