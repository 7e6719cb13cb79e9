using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Scanning;

/// <summary>A shard that is to be indexed.</summary>
/// <param name="Facts">The file.</param>
/// <param name="Split">The split that its samples belong to.</param>
/// <param name="RecordedHashes">Hashes that its maker recorded, by algorithm, lower-case hex; empty for tars.</param>
/// <param name="HasOffsets">Whether a file with the name of its offsets lies beside it: ours from before, or another tool's.</param>
internal sealed record FoundShard(BlobFacts Facts, string Split, IReadOnlyDictionary<string, string> RecordedHashes, bool HasOffsets);
