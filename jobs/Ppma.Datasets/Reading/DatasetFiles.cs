using System.Security.Cryptography;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Mds;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Reading;

/// <summary>Reads and checks the files that describe a data set.</summary>
internal static class DatasetFiles
{
    private const int LargestDescription = 1 << 30;

    /// <summary>The index, its digest (SHA-256 of the file, lower-case hex) and its name.</summary>
    public static async Task<(DatasetIndex Index, string Digest, string FileName)> ReadIndexAsync(
        IBlobStore store, string? expectedDigest, CancellationToken cancellationToken)
    {
        (byte[] bytes, string name) = await FindIndexAsync(store, cancellationToken).ConfigureAwait(false);
        string file = store.Locate(name);
        string digest = Sha256(bytes);
        if (expectedDigest is not null && !string.Equals(digest, expectedDigest, StringComparison.OrdinalIgnoreCase))
        {
            throw new DatasetFormatException(
                DatasetFault.DigestMismatch,
                file,
                $"the data set's digest is {digest}, but {expectedDigest} was asked for",
                "The data set was changed or replaced: name the new digest if that is meant, or restore the old files");
        }

        return (IndexJson.Parse(bytes, file), digest, name);
    }

    /// <summary>A shard's samples, after checking the size (and ETag, if the index pins it) of the shard and the hash of its offsets file.</summary>
    public static async Task<OffsetTable> ReadOffsetsAsync(
        IBlobStore store, DatasetIndex index, ShardEntry shard, CancellationToken cancellationToken)
    {
        BlobFacts facts = await store.GetFactsAsync(shard.Name, cancellationToken).ConfigureAwait(false);
        if (facts.Length != shard.Bytes)
        {
            throw new DatasetFormatException(
                DatasetFault.Malformed,
                store.Locate(shard.Name),
                $"the shard has {facts.Length} bytes, but the index says {shard.Bytes}",
                "Copy the shard again from its source, or index or pack the data set again");
        }

        if (shard.ETag is { } eTag && facts.ETag != eTag)
        {
            throw new DatasetFormatException(
                DatasetFault.HashMismatch,
                store.Locate(shard.Name),
                $"the shard has {(facts.ETag is null ? "no ETag" : $"the ETag {facts.ETag}")}, but the index pins {eTag}",
                "The shard was replaced or copied after it was indexed: index it again, with hashes if the data set is to be copied");
        }

        string file = store.Locate(shard.Offsets.Name);
        byte[] bytes = await ReadWholeAsync(store, shard.Offsets.Name, cancellationToken).ConfigureAwait(false);
        RequireSha256(shard.Offsets.Sha256, Sha256(bytes), file);
        return OffsetTable.Parse(bytes, shard, index.Classes.Count, file);
    }

    /// <summary>All bytes of a small file.</summary>
    public static async Task<byte[]> ReadWholeAsync(IBlobStore store, string name, CancellationToken cancellationToken)
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

    /// <summary>Whether an <c>index.json</c> is one of another format (MDS, wids), which ours lies beside.</summary>
    public static bool IsForeign(ReadOnlySpan<byte> index) =>
        IndexVersion.Find(index, out bool isObject) is null or MdsIndex.Version && isObject;

    /// <summary>The index: <c>index.json</c>, or <c>ppma-index.json</c> where that name is not there or belongs to another format.</summary>
    private static async Task<(byte[] Bytes, string Name)> FindIndexAsync(IBlobStore store, CancellationToken cancellationToken)
    {
        byte[]? first = await TryReadAsync(store, DatasetIndex.FileName, cancellationToken).ConfigureAwait(false);
        if (first is not null && !IsForeign(first))
        {
            return (first, DatasetIndex.FileName);
        }

        byte[]? second = await TryReadAsync(store, DatasetIndex.FileNameBesideOthers, cancellationToken).ConfigureAwait(false);
        return second is not null
            ? (second, DatasetIndex.FileNameBesideOthers)
            : throw (first is null
                ? new StoreException(
                    StoreFailure.NotFound, store.Locate(DatasetIndex.FileName), "there is no such file",
                    "Check the data set's URI; `ppma dataset index URI` makes an index for WebDataset tars and MDS shards")
                : new DatasetFormatException(
                    DatasetFault.Malformed, store.Locate(DatasetIndex.FileName),
                    $"this is {(MdsIndex.IsOne(first) ? "an index of MDS shards" : "an index of another format, or one without its version")}, which says too little to read shards in order",
                    $"`ppma dataset index URI` writes {DatasetIndex.FileNameBesideOthers} beside it"));
    }

    private static async Task<byte[]?> TryReadAsync(IBlobStore store, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadWholeAsync(store, name, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreException problem) when (problem.Failure == StoreFailure.NotFound)
        {
            return null;
        }
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
