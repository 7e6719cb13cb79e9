using Ppma.Datasets.Randomness;

namespace Ppma.Datasets.Ordering;

/// <summary>
/// The order in which training visits a split: pass after pass, every sample exactly once a pass. A pure function of
/// (seed, pass, shuffle block size), so ranks and threads only share it out and continuing anywhere costs nothing.
/// </summary>
/// <remarks>
/// A pass lays the shards end to end in random order and takes consecutive ones into blocks of about <c>shuffleBlockBytes</c>; a
/// block's samples are visited in random order, block after block. So a shard is needed in one block only (one larger than a block:
/// in a few that follow each other), and a cache of two blocks reads every byte about once. The index alone decides the order:
/// no shard has to be looked into. Memory is a few bytes a shard, and the order inside the two blocks last asked for. Thread-safe.
/// </remarks>
public sealed class SampleOrder
{
    private readonly IReadOnlyList<ShardSize> _shards;
    private readonly long _seed;
    private readonly long _shuffleBlockBytes;
    private readonly int _dataset;
    private readonly int[] _firstOrdinals;
    private PassPlan? _plan;
    private PassPlan? _olderPlan;

    /// <param name="shards">The split's shards, in the order of the index.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="shuffleBlockBytes">Size of a block; part of the order's definition.</param>
    /// <param name="dataset">Number of the data set in its stage, so that sets of equal shape get different orders.</param>
    /// <exception cref="ArgumentException">There are no shards, or one has no samples.</exception>
    public SampleOrder(IReadOnlyList<ShardSize> shards, long seed, long shuffleBlockBytes, int dataset = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shuffleBlockBytes);
        if (shards.Count == 0 || shards.Any(shard => shard.Samples < 1 || shard.Bytes < 1))
        {
            throw new ArgumentException("An order needs shards, each with at least one sample.", nameof(shards));
        }

        _shards = shards;
        _seed = seed;
        _shuffleBlockBytes = shuffleBlockBytes;
        _dataset = dataset;
        _firstOrdinals = new int[shards.Count];
        for (int i = 0; i < shards.Count; i++)
        {
            _firstOrdinals[i] = Count;
            Count = checked(Count + shards[i].Samples);
        }
    }

    /// <summary>Samples in a pass.</summary>
    public int Count { get; }

    /// <summary>The sample at a position of a pass.</summary>
    /// <param name="pass">From 0.</param>
    /// <param name="position">0 to <see cref="Count"/> − 1.</param>
    /// <returns>Its ordinal in the split.</returns>
    public int At(long pass, int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pass);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, Count);
        return PlanOf(pass).OrdinalAt(position);
    }

    /// <summary>The visit at a cursor that counts clips from the start of training through all passes.</summary>
    public Visit At(long cursor)
    {
        (long pass, int position) = Place(cursor);
        return new Visit(_dataset, pass, At(pass, position));
    }

    /// <summary>The block that a cursor lies in: what has to be at hand there.</summary>
    public ShuffleBlock BlockAt(long cursor)
    {
        (long pass, int position) = Place(cursor);
        (int first, int end, int[] shards) = PlanOf(pass).BlockAt(position);
        return new ShuffleBlock((pass * Count) + first, (pass * Count) + end, shards);
    }

    /// <summary>
    /// The sample that takes the place of a damaged one, so that batch, order and resume do not shift: chosen from all
    /// samples by (seed, pass, position, attempt).
    /// </summary>
    /// <param name="cursor">Cursor of the damaged sample.</param>
    /// <param name="attempt">0 for the first replacement, 1 if that is damaged as well, and so on.</param>
    public Visit ReplacementAt(long cursor, int attempt)
    {
        (long pass, int position) = Place(cursor);
        var stream = new PhiloxStream(_seed, RandomPurpose.Replacement, pass, Visit.SampleName(_dataset, position), attempt);
        return new Visit(_dataset, pass, stream.NextInt32(Count));
    }

    private (long Pass, int Position) Place(long cursor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cursor);
        (long pass, long position) = Math.DivRem(cursor, Count);
        return (pass, (int)position);
    }

    private PassPlan PlanOf(long pass)
    {
        // Loading runs ahead, so around the end of a pass two are asked for in turn. A lost race only plans twice.
        PassPlan? current = Volatile.Read(ref _plan);
        if (current?.Pass == pass)
        {
            return current;
        }

        PassPlan? older = Volatile.Read(ref _olderPlan);
        if (older?.Pass == pass)
        {
            return older;
        }

        var plan = new PassPlan(_shards, _firstOrdinals, _seed, pass, _shuffleBlockBytes, _dataset);
        Volatile.Write(ref _olderPlan, current);
        Volatile.Write(ref _plan, plan);
        return plan;
    }
}
