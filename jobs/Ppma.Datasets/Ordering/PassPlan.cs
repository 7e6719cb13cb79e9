using Ppma.Datasets.Randomness;

namespace Ppma.Datasets.Ordering;

/// <summary>One pass: the order of its shards, where its blocks begin, and the order inside the blocks last used.</summary>
internal sealed class PassPlan
{
    private readonly IReadOnlyList<ShardLayout> _shards;
    private readonly int[] _firstSample;
    private readonly int[] _ordinals;
    private readonly long _seed;
    private readonly int _dataset;
    private readonly int[] _shardOrder;

    // Where each shard of the order begins on the line of positions; the count of all at the end.
    private readonly int[] _shardStarts;

    // Position of each block's first sample; the count of all at the end.
    private readonly int[] _blockStarts;
    private BlockOrder? _block;
    private BlockOrder? _olderBlock;

    public PassPlan(
        IReadOnlyList<ShardLayout> shards, int[] firstSample, int[] ordinals, long seed, long pass, long blockBytes, int dataset)
    {
        _shards = shards;
        _firstSample = firstSample;
        _ordinals = ordinals;
        _seed = seed;
        _dataset = dataset;
        Pass = pass;
        _shardOrder = [.. Enumerable.Range(0, shards.Count)];
        new PhiloxStream(seed, RandomPurpose.ShardOrder, pass, dataset).Shuffle(_shardOrder.AsSpan());
        _shardStarts = new int[shards.Count + 1];
        _blockStarts = Cut(blockBytes);
    }

    public long Pass { get; }

    public int OrdinalAt(int position)
    {
        int block = Containing(_blockStarts, position);
        int unshuffled = _blockStarts[block] + OrderOf(block).Positions[position - _blockStarts[block]];
        int slot = Containing(_shardStarts, unshuffled);
        return _ordinals[_firstSample[_shardOrder[slot]] + unshuffled - _shardStarts[slot]];
    }

    /// <summary>The last entry that is not beyond the position; of equal entries (empty shards) the last.</summary>
    private static int Containing(int[] starts, int position)
    {
        int low = 0, high = starts.Length - 1;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            if (starts[middle] <= position)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private int[] Cut(long blockBytes)
    {
        var blockStarts = new List<int> { 0 };
        long line = 0;
        long block = 0;
        for (int slot = 0; slot < _shardOrder.Length; slot++)
        {
            ShardLayout shard = _shards[_shardOrder[slot]];
            int samples = shard.Offsets.Count;
            for (int sample = 0; sample < samples;)
            {
                long own = (line + shard.Offsets[sample]) / blockBytes;
                if (own > block)
                {
                    block = own;
                    AddStart(blockStarts, _shardStarts[slot] + sample);
                }

                sample = FirstFrom(shard.Offsets, sample, ((block + 1) * blockBytes) - line);
            }

            line += shard.Bytes;
            _shardStarts[slot + 1] = _shardStarts[slot] + samples;
        }

        blockStarts.Add(_shardStarts[^1]);
        return [.. blockStarts];
    }

    private static void AddStart(List<int> starts, int position)
    {
        if (position > starts[^1])
        {
            starts.Add(position);
        }
    }

    /// <summary>The first sample from <paramref name="from"/> on that begins at or after the offset.</summary>
    private static int FirstFrom(IReadOnlyList<long> offsets, int from, long offset)
    {
        int low = from, high = offsets.Count;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (offsets[middle] < offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private BlockOrder OrderOf(int block)
    {
        BlockOrder? current = Volatile.Read(ref _block);
        if (current?.Block == block)
        {
            return current;
        }

        BlockOrder? older = Volatile.Read(ref _olderBlock);
        if (older?.Block == block)
        {
            return older;
        }

        int[] positions = [.. Enumerable.Range(0, _blockStarts[block + 1] - _blockStarts[block])];
        new PhiloxStream(_seed, RandomPurpose.SampleOrder, Pass, Visit.SampleName(_dataset, block)).Shuffle(positions.AsSpan());
        var order = new BlockOrder(block, positions);
        Volatile.Write(ref _olderBlock, current);
        Volatile.Write(ref _block, order);
        return order;
    }

    private sealed record BlockOrder(int Block, int[] Positions);
}
