using Ppma.Datasets.Indexing;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Reading;

/// <summary>
/// The offset tables of a split's shards, read when a shard is first used: a run that continues in a data set of millions of samples
/// reads only the few tables of its shuffle block. Keeps about the last <c>keptBytes</c>. Thread-safe.
/// </summary>
internal sealed class OffsetTables(IBlobStore store, DatasetIndex index, IReadOnlyList<ShardEntry> shards, StreamMetrics metrics, long keptBytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, Entry> _tables = [];
    private readonly LinkedList<int> _recent = [];
    private long _bytes;

    public async ValueTask<OffsetTable> GetAsync(int shard, CancellationToken cancellationToken)
    {
        Entry entry = Use(shard);
        try
        {
            return await entry.Loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch when (entry.Loading.IsFaulted)
        {
            // The next who asks tries again: the failure may have been the network's.
            Forget(shard, entry);
            throw;
        }
    }

    private Entry Use(int shard)
    {
        lock (_lock)
        {
            if (_tables.TryGetValue(shard, out Entry? entry))
            {
                _recent.Remove(entry.Place);
                _recent.AddLast(entry.Place);
                return entry;
            }

            // Shared by all who wait, so no single one of them may cancel it.
            entry = new Entry(Task.Run(() => LoadAsync(shard), CancellationToken.None), _recent.AddLast(shard));
            _tables.Add(shard, entry);
            return entry;
        }
    }

    private async Task<OffsetTable> LoadAsync(int shard)
    {
        OffsetTable table = await SecondReading.AfterWrongHashAsync(
            () => DatasetFiles.ReadOffsetsAsync(store, index, shards[shard], CancellationToken.None), metrics).ConfigureAwait(false);
        lock (_lock)
        {
            _tables[shard].Bytes = table.Bytes;
            _bytes += table.Bytes;
            while (_bytes > keptBytes && _recent.First is { } oldest && oldest.Value != shard && _tables[oldest.Value].Bytes is > 0 and int bytes)
            {
                _bytes -= bytes;
                _tables.Remove(oldest.Value);
                _recent.Remove(oldest);
            }
        }

        return table;
    }

    private void Forget(int shard, Entry failed)
    {
        lock (_lock)
        {
            if (_tables.GetValueOrDefault(shard) == failed)
            {
                _tables.Remove(shard);
                _recent.Remove(failed.Place);
            }
        }
    }

    private sealed class Entry(Task<OffsetTable> loading, LinkedListNode<int> place)
    {
        public Task<OffsetTable> Loading => loading;

        public LinkedListNode<int> Place => place;

        /// <summary>0 until it is loaded.</summary>
        public int Bytes { get; set; }
    }
}
