namespace Ppma.Datasets.Ordering;

/// <summary>Where a batch begins.</summary>
/// <param name="Dataset">Number of the data set in the stage.</param>
/// <param name="FirstCursor">Cursor of the batch's first clip in that data set's order; the others follow.</param>
public readonly record struct BatchPlace(int Dataset, long FirstCursor);
