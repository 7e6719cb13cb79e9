using Ppma.Datasets.Indexing;

namespace Ppma.Datasets.Scanning;

/// <summary>An index that was written.</summary>
/// <param name="Index">What it says.</param>
/// <param name="Digest">SHA-256 of the file, lower-case hex.</param>
/// <param name="FileName">Its name beside the shards.</param>
public sealed record IndexedDataset(DatasetIndex Index, string Digest, string FileName);
