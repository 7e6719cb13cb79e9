using System.Buffers;
using System.IO.Hashing;
using System.Text;
using Ppma.Datasets.Caching;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Ordering;
using Ppma.Datasets.Ranges;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Reading;

/// <summary>
/// One split of a data set, open for reading by ordinal. Ordinals run over the split's shards in the order of the index.
/// Opening reads the index alone; what a shard holds is read when it is first used. Thread-safe; holds no file.
/// </summary>
public sealed class Dataset
{
    private const long KeptTableBytes = 256L << 20;

    private readonly IBlobStore _store;
    private readonly IShardSource _source;
    private readonly OffsetTables _tables;
    private readonly StreamMetrics _metrics;

    // Ordinal of each shard's first sample, and the count of all at the end.
    private readonly int[] _starts;

    private Dataset(
        IBlobStore store, IShardSource source, DatasetIndex index, string digest, string split, ShardEntry[] shards, StreamMetrics metrics)
    {
        _store = store;
        _source = source;
        _tables = new OffsetTables(store, index, shards, metrics, KeptTableBytes);
        _metrics = metrics;
        _starts = new int[shards.Length + 1];
        for (int i = 0; i < shards.Length; i++)
        {
            _starts[i + 1] = checked(_starts[i] + shards[i].Samples);
        }

        Index = index;
        Digest = digest;
        Split = split;
        Shards = shards;
    }

    public DatasetIndex Index { get; }

    /// <summary>SHA-256 of <c>index.json</c>, lower-case hex: the data set's identity.</summary>
    public string Digest { get; }

    public string Split { get; }

    /// <summary>The split's shards, in the order of the index.</summary>
    public IReadOnlyList<ShardEntry> Shards { get; }

    /// <summary>Samples in the split.</summary>
    public int Count => _starts[^1];

    /// <summary>Opens a split by reading the index.</summary>
    /// <param name="store">Where the data set lies.</param>
    /// <param name="split">Name of the split.</param>
    /// <param name="options">How it is opened.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="DatasetFormatException">The index contradicts the format or the digest, or has no such split.</exception>
    /// <exception cref="StoreException">The index is missing or cannot be read.</exception>
    /// <exception cref="ShardCacheException">The cache is too small for the split's shards.</exception>
    public static async Task<Dataset> OpenAsync(
        IBlobStore store, string split, DatasetOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new DatasetOptions();
        (DatasetIndex index, string digest, string file) = await SecondReading.AfterWrongHashAsync(
            () => DatasetFiles.ReadIndexAsync(store, options.ExpectedDigest, cancellationToken), options.Metrics).ConfigureAwait(false);
        ShardEntry[] shards = [.. index.Shards.Where(shard => shard.Split == split)];
        if (shards.Length == 0)
        {
            throw new DatasetFormatException(
                DatasetFault.Malformed,
                store.Locate(file),
                $"there is no split '{split}'",
                $"Use one of {string.Join(", ", index.Splits)}");
        }

        return new Dataset(store, Source(store, shards, options), index, digest, split, shards, options.Metrics);
    }

    /// <summary>The sample at an ordinal.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such ordinal.</exception>
    /// <exception cref="DatasetFormatException">The shard's size or its offsets file contradict the index.</exception>
    /// <exception cref="StoreException">The offsets file is missing or cannot be read.</exception>
    public async ValueTask<SampleRef> GetAsync(int ordinal, CancellationToken cancellationToken = default)
    {
        int shard = ShardOf(ordinal);
        OffsetTable table = await _tables.GetAsync(shard, cancellationToken).ConfigureAwait(false);
        return new SampleRef(ordinal, Shards[shard], table[ordinal - _starts[shard]]);
    }

    /// <summary>The ordinal of a key; null where the split has none such. Looks at every sample.</summary>
    public async ValueTask<int?> FindAsync(string key, CancellationToken cancellationToken = default)
    {
        byte[] encoded = Encoding.UTF8.GetBytes(key);
        for (int shard = 0; shard < Shards.Count; shard++)
        {
            OffsetTable table = await _tables.GetAsync(shard, cancellationToken).ConfigureAwait(false);
            for (int sample = 0; sample < table.Count; sample++)
            {
                if (table.KeyOf(sample).SequenceEqual(encoded))
                {
                    return _starts[shard] + sample;
                }
            }
        }

        return null;
    }

    /// <summary>Reads a sample's video and checks its hash. The caller disposes the memory, which is pooled and of the exact length.</summary>
    /// <exception cref="DatasetFormatException">
    /// The bytes do not have the recorded hash, though they were read twice (<see cref="DatasetFault.HashMismatch"/>).
    /// </exception>
    /// <exception cref="StoreException">The shard cannot be read.</exception>
    public async ValueTask<IMemoryOwner<byte>> ReadVideoAsync(SampleRef sample, CancellationToken cancellationToken = default)
    {
        SampleRecord record = sample.Record;
        var owner = new PooledBytes(record.Length);
        try
        {
            for (bool isSecond = false; ; isSecond = true)
            {
                await _source.ReadAsync(sample.Shard, record.Offset, owner.Memory, cancellationToken).ConfigureAwait(false);
                ulong hash = Index.Hashing == ShardHashing.Sha256 ? XxHash3.HashToUInt64(owner.Memory.Span) : record.Hash;
                if (hash == record.Hash)
                {
                    return owner;
                }

                _metrics.HashFailures.Inc();
                if (isSecond)
                {
                    throw new DatasetFormatException(
                        DatasetFault.HashMismatch,
                        _store.Locate(sample.Shard.Name),
                        $"the video of sample '{record.Key}' has the hash {hash:x16}, but {record.Hash:x16} was recorded; it was read twice",
                        "The shard was changed or damaged: copy it again from its source");
                }

                _metrics.Retries(RetryReason.Hash).Inc();
                _source.Forget(sample.Shard);
            }
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    /// <summary>Reads a sample's JSON as it was packed; empty where it has none.</summary>
    /// <exception cref="StoreException">The shard cannot be read.</exception>
    public async ValueTask<byte[]> ReadMetadataAsync(SampleRef sample, CancellationToken cancellationToken = default)
    {
        byte[] bytes = new byte[sample.Record.MetadataLength];
        await _source.ReadAsync(sample.Shard, sample.Record.MetadataOffset, bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    /// <summary>Sizes of the shards, for <see cref="SampleOrder"/>.</summary>
    public IReadOnlyList<ShardSize> ShardSizes() => [.. Shards.Select(shard => new ShardSize(shard.Bytes, shard.Samples))];

    /// <summary>Says which shards will be read next, nearest first, as positions in <see cref="Shards"/>.</summary>
    public void Expect(IEnumerable<int> shards) => _source.Expect([.. shards.Select(shard => Shards[shard])]);

    private static IShardSource Source(IBlobStore store, ShardEntry[] shards, DatasetOptions options)
    {
        if (options.Cache is not { } cache || store is not IRangeStore { IsRemote: true } remote)
        {
            return new StoreShards(store, shards);
        }

        long neededBytes = Math.Min(shards.Sum(shard => shard.Bytes), 2 * shards.Max(shard => shard.Bytes));
        cache.Require(neededBytes, $"two of the largest shards of '{store.Uri}'");
        return new CachedShards(cache, remote, shards, options.Metrics);
    }

    private int ShardOf(int ordinal)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ordinal);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ordinal, Count);
        int found = Array.BinarySearch(_starts, ordinal);
        return found >= 0 ? found : ~found - 1;
    }
}
