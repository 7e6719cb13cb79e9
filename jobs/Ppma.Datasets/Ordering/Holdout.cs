using Ppma.Datasets.Randomness;

namespace Ppma.Datasets.Ordering;

/// <summary>Sets a share of the training clips aside, for choosing a rate without the test split.</summary>
public static class Holdout
{
    /// <summary>
    /// Chooses in every class by itself, so that the classes keep their proportions: ⌊share · clips + ½⌋ of each, at least one
    /// clip of a class staying for training.
    /// </summary>
    /// <param name="labels">Label of every ordinal.</param>
    /// <param name="share">Share that is held out, in (0, 1).</param>
    /// <param name="seed">The run's seed.</param>
    /// <returns>Ordinals for training and held-out ordinals, both ascending; together each exactly once.</returns>
    public static (int[] Train, int[] HeldOut) Choose(IReadOnlyList<int> labels, double share, long seed)
    {
        if (!(share > 0 && share < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "The held-out share has to lie between 0 and 1.");
        }

        var heldOut = new bool[labels.Count];
        foreach (IGrouping<int, int> group in Enumerable.Range(0, labels.Count).GroupBy(ordinal => labels[ordinal]))
        {
            int[] ordinals = [.. group];
            new PhiloxStream(seed, RandomPurpose.Holdout, sample: group.Key).Shuffle(ordinals.AsSpan());
            int count = Math.Min((int)((share * ordinals.Length) + 0.5), ordinals.Length - 1);
            foreach (int ordinal in ordinals.AsSpan(0, count))
            {
                heldOut[ordinal] = true;
            }
        }

        return (
            [.. Enumerable.Range(0, labels.Count).Where(ordinal => !heldOut[ordinal])],
            [.. Enumerable.Range(0, labels.Count).Where(ordinal => heldOut[ordinal])]);
    }
}
