using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Scanning;

/// <summary>A shard that is to be indexed.</summary>
/// <param name="Facts">The file.</param>
/// <param name="Split">The split that its samples belong to.</param>
/// <param name="RecordedHashes">Hashes that its maker recorded, by algorithm, lower-case hex; empty for tars.</param>
internal sealed record FoundShard(BlobFacts Facts, string Split, IReadOnlyDictionary<string, string> RecordedHashes);
