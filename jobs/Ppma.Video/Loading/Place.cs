using Ppma.Datasets.Ordering;

namespace Ppma.Video.Loading;

/// <summary>One clip's place in a batch.</summary>
/// <param name="Visit">The clip.</param>
/// <param name="Cursor">Where the order of its data set names it.</param>
internal readonly record struct Place(Visit Visit, long Cursor);
