namespace Ppma.Datasets.Indexing;

/// <summary>Where one sample lies in its shard.</summary>
/// <param name="Key">Name of the sample, unique in the data set.</param>
/// <param name="Offset">Where the video's bytes begin in the shard.</param>
/// <param name="Length">How many there are.</param>
/// <param name="Hash">XXH3 (64 bits, seed 0) of them.</param>
/// <param name="Label">Position in the classes; −1 where the data set has none.</param>
/// <param name="MetadataOffset">Where the sample's JSON begins in the shard; 0 where it has none.</param>
/// <param name="MetadataLength">Length of the JSON.</param>
public readonly record struct SampleRecord(
    string Key, long Offset, int Length, ulong Hash, int Label, long MetadataOffset, int MetadataLength);
