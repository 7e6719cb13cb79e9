using Ppma.Datasets.Indexing;

namespace Ppma.Datasets.Packing;

/// <summary>What packing came to.</summary>
/// <param name="Index">The data set.</param>
/// <param name="Digest">SHA-256 of the index.</param>
/// <param name="Written">False where it was there already.</param>
/// <param name="Damaged">Sources that were left out now.</param>
/// <param name="DamagedFile">The file that lists them; null where there are none.</param>
public sealed record PackResult(
    DatasetIndex Index, string Digest, bool Written, IReadOnlyList<DamagedSourceException> Damaged, string? DamagedFile);
