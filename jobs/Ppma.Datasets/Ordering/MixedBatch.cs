namespace Ppma.Datasets.Ordering;

/// <summary>Where a batch of a mixed stage comes from.</summary>
/// <param name="Dataset">Number of the data set in the stage.</param>
/// <param name="Batch">How many batches came from that data set before: its clips begin at cursor <c>Batch · batch size</c> of its own order.</param>
public readonly record struct MixedBatch(int Dataset, long Batch);
