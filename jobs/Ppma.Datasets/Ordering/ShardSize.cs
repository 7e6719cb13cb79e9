namespace Ppma.Datasets.Ordering;

/// <summary>What an order needs to know of a shard.</summary>
/// <param name="Bytes">Size of the shard.</param>
/// <param name="Samples">Samples in it.</param>
public readonly record struct ShardSize(long Bytes, int Samples);
