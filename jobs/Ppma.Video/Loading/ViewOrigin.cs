using Ppma.Datasets.Ordering;

namespace Ppma.Video.Loading;

/// <summary>Where a view comes from.</summary>
/// <param name="Visit">The clip, after a damaged one was replaced.</param>
/// <param name="View">Number of the view of that clip.</param>
/// <param name="Label">Class in the clip's own data set; −1 where it has none.</param>
public readonly record struct ViewOrigin(Visit Visit, int View, int Label);
