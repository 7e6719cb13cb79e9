using Ppma.Datasets.Indexing;

namespace Ppma.Datasets.Reading;

/// <summary>Gives the bytes of a data set's shards: straight from their store, or through a cache. Thread-safe.</summary>
public interface IShardSource
{
    /// <summary>Fills the whole buffer with the shard's bytes from <paramref name="offset"/> on.</summary>
    /// <exception cref="Stores.StoreException">The shard cannot be read.</exception>
    /// <exception cref="DatasetFormatException">The shard does not have the recorded size or hash.</exception>
    ValueTask ReadAsync(ShardEntry shard, long offset, Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Says which shards will be read next, nearest first, so that they can be fetched ahead. Replaces what was said before.</summary>
    void Expect(IReadOnlyList<ShardEntry> shards);

    /// <summary>After wrong bytes were found: drops what is kept of the shard, so that the next read fetches it anew.</summary>
    void Forget(ShardEntry shard);
}
