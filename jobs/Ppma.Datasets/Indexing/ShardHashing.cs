namespace Ppma.Datasets.Indexing;

/// <summary>What ties the bytes of the shards to the index.</summary>
public enum ShardHashing
{
    /// <summary>SHA-256 of every shard and XXH3 of every sample.</summary>
    Sha256,

    /// <summary>
    /// Only the ETag of every shard: the headers were read, not the bytes. Storage then vouches for the bytes, and only storage
    /// with ETags can.
    /// </summary>
    ETag,
}
