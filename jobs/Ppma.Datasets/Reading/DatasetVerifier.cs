using System.Globalization;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Scanning;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Reading;

/// <summary>Checks a whole data set, all splits, several shards at a time.</summary>
public static class DatasetVerifier
{
    private const int ParallelShards = 8;

    /// <summary>
    /// Checks the index, the sizes (and ETags, where the index pins them) of all shards, the hashes and entries of all offsets files and
    /// that keys are unique; with <paramref name="readShards"/> also that the shards' own headers agree with the offsets, and, where
    /// the index has hashes, every shard's SHA-256 and every video's XXH3.
    /// </summary>
    /// <param name="store">Where the data set lies.</param>
    /// <param name="expectedDigest">Digest that the data set must have; null takes any.</param>
    /// <param name="readShards">Whether the shards are read.</param>
    /// <param name="progress">Told each shard that is done; one call at a time, in any order.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The index and the data set's digest.</returns>
    /// <exception cref="DatasetFormatException">The first problem found.</exception>
    /// <exception cref="StoreException">A file is missing or cannot be read.</exception>
    public static async Task<(DatasetIndex Index, string Digest)> VerifyAsync(
        IBlobStore store,
        string? expectedDigest = null,
        bool readShards = false,
        IProgress<ShardEntry>? progress = null,
        CancellationToken cancellationToken = default)
    {
        (DatasetIndex index, string digest, _) = await DatasetFiles.ReadIndexAsync(store, expectedDigest, cancellationToken).ConfigureAwait(false);
        var keys = new UniqueKeys();
        var oneAtATime = new Lock();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ParallelShards, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(index.Shards, parallel, async (shard, token) =>
        {
            OffsetTable offsets = await DatasetFiles.ReadOffsetsAsync(store, index, shard, token).ConfigureAwait(false);
            if (readShards)
            {
                await ReadShardAsync(store, shard, offsets, token).ConfigureAwait(false);
            }

            lock (oneAtATime)
            {
                keys.Add(offsets, store.Locate(shard.Name));
                progress?.Report(shard);
            }
        }).ConfigureAwait(false);
        return (index, digest);
    }

    private static async Task ReadShardAsync(IBlobStore store, ShardEntry shard, OffsetTable offsets, CancellationToken cancellationToken)
    {
        if (shard.ETag is { } eTag)
        {
            store.Pin(shard.Name, eTag);
        }

        if (shard.Sha256 is { } recorded)
        {
            (long, int)[] videos = [.. Enumerable.Range(0, offsets.Count).Select(i => (offsets[i].Offset, offsets[i].Length))];
            ShardHashes found = await ShardHasher.HashAsync(store, shard.Name, shard.Bytes, videos, [], cancellationToken).ConfigureAwait(false);
            DatasetFiles.RequireSha256(recorded, found.Sha256, store.Locate(shard.Name));
            for (int i = 0; i < offsets.Count; i++)
            {
                if (found.Samples[i] != offsets[i].Hash)
                {
                    throw new DatasetFormatException(
                        DatasetFault.HashMismatch,
                        store.Locate(shard.Offsets.Name),
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"sample {i} ('{offsets[i].Key}') has the hash {found.Samples[i]:x16}, but {offsets[i].Hash:x16} is recorded"),
                        "Index or pack the data set again");
                }
            }
        }

        await ShardMembers.CompareAsync(store, shard, offsets, cancellationToken).ConfigureAwait(false);
    }
}
