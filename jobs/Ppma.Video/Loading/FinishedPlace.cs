using Ppma.Datasets.Ordering;

namespace Ppma.Video.Loading;

/// <summary>What became of a place.</summary>
/// <param name="Visit">The clip that is there.</param>
/// <param name="Label">Its class.</param>
/// <param name="IsBlank">Whether its clip was damaged and none took its place.</param>
/// <param name="Damaged">Clips that could not be decoded.</param>
internal sealed record FinishedPlace(Visit Visit, int Label, bool IsBlank, IReadOnlyList<DamagedClip> Damaged);
