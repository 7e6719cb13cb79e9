namespace Ppma.Datasets.Scanning;

/// <summary>What reading every byte of a shard gives.</summary>
/// <param name="Sha256">Of the whole file, lower-case hex.</param>
/// <param name="Samples">XXH3 (64 bits, seed 0) of each video.</param>
/// <param name="Others">The other hashes that were asked for and are known, by algorithm, lower-case hex.</param>
internal sealed record ShardHashes(string Sha256, ulong[] Samples, IReadOnlyDictionary<string, string> Others);
