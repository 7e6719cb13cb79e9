using Ppma.Datasets.Randomness;

namespace Ppma.Datasets.Ordering;

/// <summary>
/// The order in which training visits a split: pass after pass, every sample exactly once a pass. A pure function of
/// (seed, pass, shuffle block size), so ranks and threads only share it out and continuing anywhere costs nothing.
/// </summary>
/// <remarks>
/// A pass lays the shards end to end in random order and cuts this line every <c>shuffleBlockBytes</c>; the samples that begin
/// in a block are visited in random order, block after block. A cache of two blocks so reads every byte about once.
/// Memory is a few bytes a block and shard, and the order inside the two blocks last asked for. Thread-safe.
/// </remarks>
public sealed class SampleOrder
{
    private readonly IReadOnlyList<ShardLayout> _shards;
    private readonly long _seed;
    private readonly long _shuffleBlockBytes;
    private readonly int _dataset;
    private readonly int[] _firstSample;
    private readonly int[] _ordinals;
    private PassPlan? _plan;
    private PassPlan? _olderPlan;

    /// <param name="shards">The split's shards (<see cref="Reading.Dataset.Layout"/>).</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="shuffleBlockBytes">Size of a block; part of the order's definition.</param>
    /// <param name="dataset">Number of the data set in its stage, so that sets of equal shape get different orders.</param>
    /// <exception cref="ArgumentException">There are no samples, or offsets do not ascend.</exception>
    public SampleOrder(IReadOnlyList<ShardLayout> shards, long seed, long shuffleBlockBytes, int dataset = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shuffleBlockBytes);
        _shards = shards;
        _seed = seed;
        _shuffleBlockBytes = shuffleBlockBytes;
        _dataset = dataset;
        _ordinals = [.. shards.SelectMany(shard => shard.Ordinals)];
        _firstSample = new int[shards.Count + 1];
        for (int i = 0; i < shards.Count; i++)
        {
            _firstSample[i + 1] = _firstSample[i] + shards[i].Ordinals.Count;
        }

        Count = _ordinals.Length;
        if (Count == 0)
        {
            throw new ArgumentException("An order needs at least one sample.", nameof(shards));
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
        ArgumentOutOfRangeException.ThrowIfNegative(cursor);
        (long pass, long position) = Math.DivRem(cursor, Count);
        return new Visit(_dataset, pass, At(pass, (int)position));
    }

    /// <summary>
    /// The sample that takes the place of a damaged one, so that batch, order and resume do not shift: chosen from all
    /// samples by (seed, pass, position, attempt).
    /// </summary>
    /// <param name="cursor">Cursor of the damaged sample.</param>
    /// <param name="attempt">0 for the first replacement, 1 if that is damaged as well, and so on.</param>
    public Visit ReplacementAt(long cursor, int attempt)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cursor);
        (long pass, long position) = Math.DivRem(cursor, Count);
        var stream = new PhiloxStream(_seed, RandomPurpose.Replacement, pass, Visit.SampleName(_dataset, position), attempt);
        return new Visit(_dataset, pass, _ordinals[stream.NextInt32(Count)]);
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

        var plan = new PassPlan(_shards, _firstSample, _ordinals, _seed, pass, _shuffleBlockBytes, _dataset);
        Volatile.Write(ref _olderPlan, current);
        Volatile.Write(ref _plan, plan);
        return plan;
    }
}
