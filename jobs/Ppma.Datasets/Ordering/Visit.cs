namespace Ppma.Datasets.Ordering;

/// <summary>One sample, visited once in training.</summary>
/// <param name="Dataset">Number of the data set in its stage.</param>
/// <param name="Pass">Which pass through that data set.</param>
/// <param name="Ordinal">The sample's ordinal in the split.</param>
public readonly record struct Visit(int Dataset, long Pass, int Ordinal)
{
    /// <summary>
    /// The sample's name for <see cref="Randomness.PhiloxStream"/> (docs/reference/randomness.md); <see cref="Pass"/> is the epoch.
    /// </summary>
    public long RandomSample => SampleName(Dataset, Ordinal);

    internal static long SampleName(int dataset, long number) => ((long)dataset << 40) | number;
}
