using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Mds;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Scanning;

/// <summary>
/// Makes existing shards a data set: reads where their samples lie, writes an offsets file beside each shard and the index last. The
/// shards are not touched. Equal shards give an equal index.
/// </summary>
public static class DatasetIndexer
{
    /// <summary>Indexes all WebDataset tars below the store's URI, or all shards that MDS indexes there name.</summary>
    /// <param name="store">Where the shards lie, and where the index goes.</param>
    /// <param name="options">What the shards cannot say themselves.</param>
    /// <param name="progress">Told after each shard; one call at a time.</param>
    /// <param name="cancellationToken">Stops the reading; no index is left behind.</param>
    /// <exception cref="DatasetFormatException">A shard or a sample cannot be indexed, or a key occurs twice.</exception>
    /// <exception cref="StoreException">
    /// A file cannot be read or written, or there is an index already (<see cref="StoreFailure.AlreadyExists"/>).
    /// </exception>
    public static async Task<IndexedDataset> IndexAsync(
        IBlobStore store, IndexingOptions options, IProgress<IndexingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.ParallelShards);
        (IReadOnlyList<FoundShard> found, string fileName) = await ShardFinder.FindAsync(store, options.Split, cancellationToken).ConfigureAwait(false);
        if (!options.Overwrite)
        {
            await RequireAbsentAsync(store, fileName, cancellationToken).ConfigureAwait(false);
        }

        bool isHashed = options.Hash || !store.IsRemote;
        ScannedShard[] shards = Numbered(await ScanAsync(store, found, options, isHashed, progress, cancellationToken).ConfigureAwait(false));
        LabelSpace labels = LabelSpace.Of(store, options.Classes, shards);
        var offsets = new byte[shards.Length][];
        var keys = new UniqueKeys();
        var entries = new ShardEntry[shards.Length];
        for (int i = 0; i < shards.Length; i++)
        {
            BlobFacts facts = shards[i].Found.Facts;
            offsets[i] = OffsetTable.Serialize(Records(shards[i], labels));
            entries[i] = new ShardEntry
            {
                Name = facts.Name,
                Split = shards[i].Found.Split,
                Bytes = facts.Length,
                Samples = shards[i].Samples.Count,
                Sha256 = shards[i].Hashes?.Sha256,
                ETag = isHashed ? null : facts.ETag,
                Offsets = new OffsetsFile(shards[i].OffsetsName, Convert.ToHexStringLower(SHA256.HashData(offsets[i]))),
            };
            keys.Add(OffsetTable.Parse(offsets[i], entries[i], labels.Classes.Count, store.Locate(facts.Name)), store.Locate(facts.Name));
        }

        var index = new DatasetIndex
        {
            Name = options.Name ?? NameOf(store.Uri),
            Humans = options.Humans,
            Licence = options.Licence,
            Classes = labels.Classes,
            Hashing = isHashed ? ShardHashing.Sha256 : ShardHashing.ETag,
            Provenance = new JsonObject { ["indexed"] = MdsShard.IsOne(entries[0].Name) ? "mds" : "webdataset" },
            Shards = entries,
        };
        return await PublishAsync(store, index, offsets, fileName, options, cancellationToken).ConfigureAwait(false);
    }

    private static async Task RequireAbsentAsync(IBlobStore store, string fileName, CancellationToken cancellationToken)
    {
        try
        {
            await store.GetFactsAsync(fileName, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreException problem) when (problem.Failure == StoreFailure.NotFound)
        {
            return;
        }

        throw new StoreException(
            StoreFailure.AlreadyExists, store.Locate(fileName), "the shards have an index already", "Use it, or ask to overwrite it: another index is another data set, with another digest");
    }

    private static async Task<ScannedShard[]> ScanAsync(
        IBlobStore store,
        IReadOnlyList<FoundShard> found,
        IndexingOptions options,
        bool isHashed,
        IProgress<IndexingProgress>? progress,
        CancellationToken cancellationToken)
    {
        var scanned = new ScannedShard[found.Count];
        var done = new IndexingProgress(0, found.Count, 0, 0);
        var progressLock = new Lock();
        await Parallel.ForAsync(
            0,
            found.Count,
            new ParallelOptions { MaxDegreeOfParallelism = options.ParallelShards, CancellationToken = cancellationToken },
            async (i, token) =>
            {
                ScannedShard shard = scanned[i] = await ShardScanner.ScanAsync(store, found[i], options.VideoColumn, isHashed, token).ConfigureAwait(false);
                lock (progressLock)
                {
                    done = done with
                    {
                        ShardsDone = done.ShardsDone + 1,
                        Samples = done.Samples + shard.Samples.Count,
                        BytesRead = done.BytesRead + shard.BytesRead,
                    };
                    progress?.Report(done);
                }
            }).ConfigureAwait(false);
        return scanned;
    }

    /// <summary>Gives samples without a key (<see cref="MdsScanner"/>) one that counts over their split.</summary>
    private static ScannedShard[] Numbered(ScannedShard[] shards)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        for (int i = 0; i < shards.Length; i++)
        {
            string split = shards[i].Found.Split;
            long first = counts.GetValueOrDefault(split);
            counts[split] = first + shards[i].Samples.Count;
            if (shards[i].Samples.Any(sample => sample.Key.Length == 0))
            {
                shards[i] = shards[i] with
                {
                    Samples = [.. shards[i].Samples.Select((sample, n) => sample.Key.Length > 0
                        ? sample
                        : sample with { Key = FormattableString.Invariant($"{split}-{first + n:D9}") })],
                };
            }
        }

        return shards;
    }

    private static SampleRecord[] Records(ScannedShard shard, LabelSpace labels) => [.. shard.Samples.Select((sample, i) => new SampleRecord(
        sample.Key,
        sample.Offset,
        sample.Length,
        shard.Hashes?.Samples[i] ?? 0,
        labels.LabelOf(shard, sample),
        sample.MetadataOffset,
        sample.MetadataLength))];

    private static async Task<IndexedDataset> PublishAsync(
        IBlobStore store, DatasetIndex index, byte[][] offsets, string fileName, IndexingOptions options, CancellationToken cancellationToken)
    {
        await Parallel.ForAsync(
            0,
            offsets.Length,
            new ParallelOptions { MaxDegreeOfParallelism = options.ParallelShards, CancellationToken = cancellationToken },
            async (i, token) => await WriteAsync(index.Shards[i].Offsets.Name, offsets[i], overwrite: true, token).ConfigureAwait(false)).ConfigureAwait(false);
        byte[] bytes = IndexJson.Serialize(index);
        await WriteAsync(fileName, bytes, options.Overwrite, cancellationToken).ConfigureAwait(false);
        return new IndexedDataset(index, Convert.ToHexStringLower(SHA256.HashData(bytes)), fileName);

        async Task WriteAsync(string name, byte[] content, bool overwrite, CancellationToken token)
        {
            using var stream = new MemoryStream(content, writable: false);
            await store.WriteAsync(name, stream, overwrite, token).ConfigureAwait(false);
        }
    }

    private static string NameOf(Uri uri) => Uri.UnescapeDataString(uri.Segments[^1].Trim('/')) is { Length: > 0 } name ? name : uri.Host;
}
