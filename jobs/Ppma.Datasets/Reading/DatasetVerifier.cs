using System.Security.Cryptography;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Stores;
using Ppma.Datasets.Tar;

namespace Ppma.Datasets.Reading;

/// <summary>Checks a whole data set, all splits.</summary>
public static class DatasetVerifier
{
    private const int ReadBytes = 1 << 20;

    /// <summary>
    /// Checks the index, the sizes of all shards, the hashes and entries of all offsets files and that keys are unique; with
    /// <paramref name="readShards"/> also every shard's SHA-256 and that its tar headers agree with the offsets.
    /// </summary>
    /// <param name="store">Where the data set lies.</param>
    /// <param name="expectedDigest">Digest that the data set must have; null takes any.</param>
    /// <param name="readShards">Whether every byte is read.</param>
    /// <param name="progress">Told each shard that is done.</param>
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
        (DatasetIndex index, string digest) = await DatasetFiles.ReadIndexAsync(store, expectedDigest, cancellationToken).ConfigureAwait(false);
        var keys = new UniqueKeys();
        foreach (ShardEntry shard in index.Shards)
        {
            OffsetTable offsets = await DatasetFiles.ReadOffsetsAsync(store, index, shard, cancellationToken).ConfigureAwait(false);
            keys.Add(offsets, store.Locate(shard.Offsets.Name));
            if (readShards)
            {
                if (shard.Sha256 is { } recorded)
                {
                    string found = await HashAsync(store, shard, cancellationToken).ConfigureAwait(false);
                    DatasetFiles.RequireSha256(recorded, found, store.Locate(shard.Name));
                }

                await CompareWithTarAsync(store, shard, offsets, cancellationToken).ConfigureAwait(false);
            }

            progress?.Report(shard);
        }

        return (index, digest);
    }

    private static async Task<string> HashAsync(IBlobStore store, ShardEntry shard, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var buffer = new PooledBytes(ReadBytes);
        for (long position = 0; position < shard.Bytes; position += ReadBytes)
        {
            Memory<byte> part = buffer.Memory[..(int)Math.Min(ReadBytes, shard.Bytes - position)];
            await store.ReadAsync(shard.Name, position, part, cancellationToken).ConfigureAwait(false);
            hash.AppendData(part.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static async Task CompareWithTarAsync(
        IBlobStore store, ShardEntry shard, OffsetTable offsets, CancellationToken cancellationToken)
    {
        var members = new Dictionary<long, long>();
        await foreach (TarMember member in TarReader.ReadAsync(store, shard.Name, cancellationToken).ConfigureAwait(false))
        {
            members[member.Offset] = member.Length;
        }

        for (int i = 0; i < offsets.Count; i++)
        {
            SampleRecord sample = offsets[i];
            if (members.GetValueOrDefault(sample.Offset) != sample.Length
                || (sample.MetadataLength > 0 && members.GetValueOrDefault(sample.MetadataOffset) != sample.MetadataLength))
            {
                throw new DatasetFormatException(
                    DatasetFault.Malformed,
                    store.Locate(shard.Offsets.Name),
                    $"sample {i} ('{sample.Key}') is no member of the tar '{shard.Name}'",
                    "Pack the data set again");
            }
        }
    }
}
