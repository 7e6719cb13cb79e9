using System.Security.Cryptography;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Reading;

/// <summary>Reads and checks the files that describe a data set.</summary>
internal static class DatasetFiles
{
    private const int LargestDescription = 1 << 30;

    /// <summary>The index and its digest: SHA-256 of the file, lower-case hex.</summary>
    public static async Task<(DatasetIndex Index, string Digest)> ReadIndexAsync(
        IBlobStore store, string? expectedDigest, CancellationToken cancellationToken)
    {
        string file = store.Locate(DatasetIndex.FileName);
        byte[] bytes = await ReadWholeAsync(store, DatasetIndex.FileName, cancellationToken).ConfigureAwait(false);
        string digest = Sha256(bytes);
        if (expectedDigest is not null && !string.Equals(digest, expectedDigest, StringComparison.OrdinalIgnoreCase))
        {
            throw new DatasetFormatException(
                DatasetFault.DigestMismatch,
                file,
                $"the data set's digest is {digest}, but {expectedDigest} was asked for",
                "The data set was changed or replaced: name the new digest if that is meant, or restore the old files");
        }

        return (IndexJson.Parse(bytes, file), digest);
    }

    /// <summary>A shard's samples, after checking the size of the shard and the hash of its offsets file.</summary>
    public static async Task<OffsetTable> ReadOffsetsAsync(
        IBlobStore store, DatasetIndex index, ShardEntry shard, CancellationToken cancellationToken)
    {
        long length = (await store.GetFactsAsync(shard.Name, cancellationToken).ConfigureAwait(false)).Length;
        if (length != shard.Bytes)
        {
            throw new DatasetFormatException(
                DatasetFault.Malformed,
                store.Locate(shard.Name),
                $"the shard has {length} bytes, but the index says {shard.Bytes}",
                "Copy the shard again from its source, or pack the data set again");
        }

        string file = store.Locate(shard.Offsets.Name);
        byte[] bytes = await ReadWholeAsync(store, shard.Offsets.Name, cancellationToken).ConfigureAwait(false);
        RequireSha256(shard.Offsets.Sha256, Sha256(bytes), file);
        return OffsetTable.Parse(bytes, shard, index.Classes.Count, file);
    }

    public static void RequireSha256(string recorded, string found, string file)
    {
        if (recorded != found)
        {
            throw new DatasetFormatException(
                DatasetFault.HashMismatch,
                file,
                $"the file's SHA-256 is {found}, but the index says {recorded}",
                "The file was changed or damaged: copy it again from its source");
        }
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static async Task<byte[]> ReadWholeAsync(IBlobStore store, string name, CancellationToken cancellationToken)
    {
        long length = (await store.GetFactsAsync(name, cancellationToken).ConfigureAwait(false)).Length;
        if (length > LargestDescription)
        {
            throw new DatasetFormatException(
                DatasetFault.Malformed, store.Locate(name), $"the file has {length} bytes", "Pack the data set in more shards");
        }

        byte[] bytes = new byte[length];
        await store.ReadAsync(name, 0, bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }
}
