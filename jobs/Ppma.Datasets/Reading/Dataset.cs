using System.Buffers;
using System.IO.Hashing;
using System.Text;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Ordering;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Reading;

/// <summary>
/// One split of a data set, open for reading by ordinal. Ordinals run over the split's shards in the order of the index.
/// Thread-safe; holds the offsets (about 60 bytes a sample) and no file.
/// </summary>
public sealed class Dataset
{
    private readonly IBlobStore _store;
    private readonly ShardEntry[] _shards;
    private readonly OffsetTable[] _tables;

    // Ordinal of each shard's first sample, and the count of all at the end.
    private readonly int[] _starts;

    private Dataset(IBlobStore store, DatasetIndex index, string digest, string split, ShardEntry[] shards, OffsetTable[] tables)
    {
        _store = store;
        _shards = shards;
        _tables = tables;
        _starts = new int[shards.Length + 1];
        for (int i = 0; i < shards.Length; i++)
        {
            _starts[i + 1] = checked(_starts[i] + tables[i].Count);
        }

        Index = index;
        Digest = digest;
        Split = split;
    }

    public DatasetIndex Index { get; }

    /// <summary>SHA-256 of <c>index.json</c>, lower-case hex: the data set's identity.</summary>
    public string Digest { get; }

    public string Split { get; }

    /// <summary>Samples in the split.</summary>
    public int Count => _starts[^1];

    /// <summary>Opens a split: reads the index and the split's offsets, and checks the sizes of its shards.</summary>
    /// <param name="store">Where the data set lies.</param>
    /// <param name="split">Name of the split.</param>
    /// <param name="expectedDigest">Digest that the data set must have; null takes any.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="DatasetFormatException">The files contradict the format, each other or the digest.</exception>
    /// <exception cref="StoreException">A file is missing or cannot be read.</exception>
    public static async Task<Dataset> OpenAsync(
        IBlobStore store, string split, string? expectedDigest = null, CancellationToken cancellationToken = default)
    {
        (DatasetIndex index, string digest) = await DatasetFiles.ReadIndexAsync(store, expectedDigest, cancellationToken).ConfigureAwait(false);
        ShardEntry[] shards = [.. index.Shards.Where(shard => shard.Split == split)];
        if (shards.Length == 0)
        {
            throw new DatasetFormatException(
                DatasetFault.Malformed,
                store.Locate(DatasetIndex.FileName),
                $"there is no split '{split}'",
                $"Use one of {string.Join(", ", index.Splits)}");
        }

        var keys = new UniqueKeys();
        var tables = new OffsetTable[shards.Length];
        for (int i = 0; i < shards.Length; i++)
        {
            tables[i] = await DatasetFiles.ReadOffsetsAsync(store, index, shards[i], cancellationToken).ConfigureAwait(false);
            keys.Add(tables[i], store.Locate(shards[i].Offsets.Name));
        }

        return new Dataset(store, index, digest, split, shards, tables);
    }

    /// <summary>The sample at an ordinal.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such ordinal.</exception>
    public SampleRef this[int ordinal]
    {
        get
        {
            int shard = ShardOf(ordinal);
            return new SampleRef(ordinal, _shards[shard], _tables[shard][ordinal - _starts[shard]]);
        }
    }

    /// <summary>The label at an ordinal: a position in the classes, −1 where there are none.</summary>
    public int LabelOf(int ordinal)
    {
        int shard = ShardOf(ordinal);
        return _tables[shard].LabelOf(ordinal - _starts[shard]);
    }

    /// <summary>The ordinal of a key; null where the split has none such. Looks at every sample.</summary>
    public int? Find(string key)
    {
        byte[] encoded = Encoding.UTF8.GetBytes(key);
        for (int ordinal = 0; ordinal < Count; ordinal++)
        {
            int shard = ShardOf(ordinal);
            if (_tables[shard].KeyOf(ordinal - _starts[shard]).SequenceEqual(encoded))
            {
                return ordinal;
            }
        }

        return null;
    }

    /// <summary>Reads a sample's video and checks its hash. The caller disposes the memory, which is pooled and of the exact length.</summary>
    /// <exception cref="DatasetFormatException">The bytes do not have the recorded hash (<see cref="DatasetFault.HashMismatch"/>).</exception>
    /// <exception cref="StoreException">The shard cannot be read.</exception>
    public async ValueTask<IMemoryOwner<byte>> ReadVideoAsync(int ordinal, CancellationToken cancellationToken = default)
    {
        SampleRef sample = this[ordinal];
        SampleRecord record = sample.Record;
        var owner = new PooledBytes(record.Length);
        try
        {
            await _store.ReadAsync(sample.Shard.Name, record.Offset, owner.Memory, cancellationToken).ConfigureAwait(false);
            ulong hash = XxHash3.HashToUInt64(owner.Memory.Span);
            return hash == record.Hash ? owner : throw new DatasetFormatException(
                DatasetFault.HashMismatch,
                _store.Locate(sample.Shard.Name),
                $"the video of sample '{record.Key}' has the hash {hash:x16}, but {record.Hash:x16} was recorded",
                "The shard was changed or damaged: copy it again from its source");
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    /// <summary>Reads a sample's JSON as it was packed; empty where it has none.</summary>
    /// <exception cref="StoreException">The shard cannot be read.</exception>
    public async ValueTask<byte[]> ReadMetadataAsync(int ordinal, CancellationToken cancellationToken = default)
    {
        SampleRef sample = this[ordinal];
        byte[] bytes = new byte[sample.Record.MetadataLength];
        await _store.ReadAsync(sample.Shard.Name, sample.Record.MetadataOffset, bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    /// <summary>Where the samples lie in the shards, for <see cref="SampleOrder"/>.</summary>
    /// <param name="ordinals">Only these, ascending; null takes all.</param>
    public IReadOnlyList<ShardLayout> Layout(IReadOnlyList<int>? ordinals = null)
    {
        IEnumerable<int> chosen = ordinals ?? Enumerable.Range(0, Count);
        return
        [
            .. chosen.GroupBy(ShardOf).Select(group => new ShardLayout(
                _shards[group.Key].Bytes,
                [.. group],
                [.. group.Select(ordinal => _tables[group.Key].OffsetOf(ordinal - _starts[group.Key]))])),
        ];
    }

    private int ShardOf(int ordinal)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ordinal);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ordinal, Count);
        int found = Array.BinarySearch(_starts, ordinal);
        return found >= 0 ? found : ~found - 1;
    }
}
