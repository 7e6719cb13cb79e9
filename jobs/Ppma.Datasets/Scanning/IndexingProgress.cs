namespace Ppma.Datasets.Scanning;

/// <summary>How far indexing is.</summary>
/// <param name="ShardsDone">Shards read.</param>
/// <param name="Shards">Shards there are.</param>
/// <param name="Samples">Samples in those read.</param>
/// <param name="BytesRead">Bytes that were read for them.</param>
public readonly record struct IndexingProgress(int ShardsDone, int Shards, long Samples, long BytesRead);
