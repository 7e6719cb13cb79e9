using System.Security.Cryptography;
using System.Text;
using Ppma.Datasets.Indexing;

namespace Ppma.Datasets.Caching;

/// <summary>Names the content of a shard, so that data sets, tasks and processes share one copy of it.</summary>
/// <param name="Name">64 lower-case hex digits: the SHA-256 of the shard, or of the version that an index pins by its ETag.</param>
/// <param name="Bytes">Size of the shard.</param>
/// <param name="Sha256">What the bytes must have; null where only the ETag is known.</param>
internal sealed record CacheKey(string Name, long Bytes, string? Sha256)
{
    /// <summary>The key of a shard; null when neither a hash nor an ETag says what is in it.</summary>
    public static CacheKey? Of(Uri store, ShardEntry shard)
    {
        if (shard.Sha256 is { } sha256)
        {
            return new CacheKey(sha256, shard.Bytes, sha256);
        }

        if (shard.ETag is null)
        {
            return null;
        }

        // No part can hold a line feed, so different versions cannot spell the same text.
        string version = $"{store.AbsoluteUri}\n{Uri.EscapeDataString(shard.Name)}\n{Uri.EscapeDataString(shard.ETag)}\n{shard.Bytes}";
        return new CacheKey(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(version))), shard.Bytes, Sha256: null);
    }
}
