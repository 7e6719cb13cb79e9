using Ppma.Datasets.Indexing;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Reading;

/// <summary>Shards read straight from their store: for local files, and for looking at single samples.</summary>
internal sealed class StoreShards : IShardSource
{
    private readonly IBlobStore _store;

    public StoreShards(IBlobStore store, IEnumerable<ShardEntry> shards)
    {
        _store = store;
        foreach (ShardEntry shard in shards)
        {
            if (shard.ETag is { } eTag)
            {
                store.Pin(shard.Name, eTag);
            }
        }
    }

    public ValueTask ReadAsync(ShardEntry shard, long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        _store.ReadAsync(shard.Name, offset, buffer, cancellationToken);

    public void Expect(IReadOnlyList<ShardEntry> shards)
    {
    }

    public void Forget(ShardEntry shard)
    {
    }
}
