namespace Ppma.Datasets.Ordering;

/// <summary>Where the samples of one shard lie: what an order needs to know of it.</summary>
/// <param name="Bytes">Size of the shard.</param>
/// <param name="Ordinals">Ordinals of the samples, in the order of their bytes.</param>
/// <param name="Offsets">Where each begins in the shard, ascending.</param>
public sealed record ShardLayout(long Bytes, IReadOnlyList<int> Ordinals, IReadOnlyList<long> Offsets);
