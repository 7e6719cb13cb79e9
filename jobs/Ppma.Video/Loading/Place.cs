using Ppma.Datasets.Ordering;

namespace Ppma.Video.Loading;

/// <summary>One clip's place in a batch.</summary>
/// <param name="Visit">The clip.</param>
/// <param name="Cursor">Where the order of its data set names it.</param>
/// <param name="Expected">
/// Shards that are read from here on, nearest first; null: the same as before. Said when the clip is read and not when it is planned,
/// or the shards of clips that wait for their turn would make room for those of later ones.
/// </param>
internal readonly record struct Place(Visit Visit, long Cursor, IReadOnlyList<int>? Expected = null);
