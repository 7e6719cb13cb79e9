using Ppma.Datasets.Indexing;

namespace Ppma.Datasets.Reading;

/// <summary>One sample of an open split.</summary>
/// <param name="Ordinal">Position in the split: shards in the order of the index, samples in the order of their bytes.</param>
/// <param name="Shard">The shard that holds it.</param>
/// <param name="Record">Its key, label and place.</param>
public readonly record struct SampleRef(int Ordinal, ShardEntry Shard, SampleRecord Record);
