namespace Ppma.Datasets.Scanning;

/// <summary>One shard that was read.</summary>
/// <param name="Found">The file.</param>
/// <param name="Samples">Its samples in the order of their bytes.</param>
/// <param name="Hashes">Its hashes; null where only headers were read.</param>
/// <param name="OffsetsName">Name for its offsets file.</param>
/// <param name="BytesRead">Bytes that were read for it.</param>
internal sealed record ScannedShard(FoundShard Found, IReadOnlyList<ScannedSample> Samples, ShardHashes? Hashes, string OffsetsName, long BytesRead);
