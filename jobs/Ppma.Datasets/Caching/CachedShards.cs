using Ppma.Datasets.Indexing;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Ranges;
using Ppma.Datasets.Reading;

namespace Ppma.Datasets.Caching;

/// <summary>
/// Shards of a remote store, read from a cache. A read that finds its shard whole is a read of a local file, on the caller's thread.
/// One that does not goes straight to the store while the process has just begun or the cache has no room, else it waits for its bytes.
/// </summary>
internal sealed class CachedShards : IShardSource
{
    private readonly ShardCache _cache;
    private readonly IRangeStore _store;
    private readonly StreamMetrics _metrics;
    private readonly Dictionary<string, LocalShard> _shards = new(StringComparer.Ordinal);

    public CachedShards(ShardCache cache, IRangeStore store, IEnumerable<ShardEntry> shards, StreamMetrics metrics)
    {
        _cache = cache;
        _store = store;
        _metrics = metrics;
        foreach (ShardEntry shard in shards)
        {
            if (shard.ETag is { } eTag)
            {
                store.Pin(shard.Name, eTag);
            }

            if (cache.Shard(store, shard) is { } local)
            {
                _shards.Add(shard.Name, local);
            }
        }
    }

    public ValueTask ReadAsync(ShardEntry shard, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!_shards.TryGetValue(shard.Name, out LocalShard? local) || offset < 0 || offset + buffer.Length > shard.Bytes)
        {
            return _store.ReadAsync(shard.Name, offset, buffer, cancellationToken);
        }

        if (local.TryRead(offset, buffer.Span))
        {
            _metrics.CacheHits.Inc();
            return ValueTask.CompletedTask;
        }

        return ReadSlowlyAsync(local, shard.Name, offset, buffer, cancellationToken);
    }

    public void Expect(IReadOnlyList<ShardEntry> shards) =>
        _cache.Expect(this, shards.Select(shard => _shards.GetValueOrDefault(shard.Name)).OfType<LocalShard>());

    /// <remarks>
    /// The copy is not dropped but hashed again before its next use, and dropped then if it is wrong. So it does not matter how many
    /// threads report one bad copy, or how late: a good one is never fetched again.
    /// </remarks>
    public void Forget(ShardEntry shard) => _shards.GetValueOrDefault(shard.Name)?.Doubt();

    private async ValueTask ReadSlowlyAsync(LocalShard local, string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (TryRead(local, offset, buffer.Span))
        {
            _metrics.CacheHits.Inc();
            return;
        }

        _metrics.CacheMisses.Inc();
        do
        {
            if (_cache.TryReadDirectly(buffer.Length)
                || !await _cache.DemandAsync(local, offset, buffer.Length).WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                await _store.ReadAsync(name, offset, buffer, cancellationToken).ConfigureAwait(false);
                return;
            }
        }
        while (!TryRead(local, offset, buffer.Span));
    }

    private bool TryRead(LocalShard local, long offset, Span<byte> buffer) =>
        local.TryRead(offset, buffer) || (_cache.TryReopen(local) && local.TryRead(offset, buffer));
}
