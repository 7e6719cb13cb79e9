namespace Ppma.Datasets.Ordering;

/// <summary>
/// What one of several ranks does of work that is the same for any number of them. Shares of all ranks are disjoint, side by side
/// and together everything.
/// </summary>
public readonly record struct RankShare
{
    /// <summary>Everything.</summary>
    public static readonly RankShare Whole = new(0, 1);

    private readonly int _lessOfWorldSize;

    /// <param name="rank">From 0.</param>
    /// <param name="worldSize">Number of ranks.</param>
    public RankShare(int rank, int worldSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(worldSize);
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, worldSize);
        Rank = rank;
        _lessOfWorldSize = worldSize - 1;
    }

    public int Rank { get; }

    // Kept less one, so that the default value is the whole.
    public int WorldSize => _lessOfWorldSize + 1;

    /// <summary>This rank's part of <paramref name="items"/> things, as even as whole groups allow.</summary>
    /// <param name="items">Clips of a batch, or samples of a test split.</param>
    /// <param name="groupItems">Consecutive things that stay on one rank, such as the clips that are mixed with each other.</param>
    /// <returns>The first and the one behind the last; equal where there is nothing for this rank.</returns>
    public (int First, int End) Of(int items, int groupItems = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(items);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groupItems);
        long groups = (items + (long)groupItems - 1) / groupItems;
        return (Place(groups * Rank / WorldSize), Place(groups * (Rank + 1) / WorldSize));

        int Place(long group) => (int)Math.Min(items, group * groupItems);
    }
}
