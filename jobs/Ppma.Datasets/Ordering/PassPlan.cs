using Ppma.Datasets.Randomness;

namespace Ppma.Datasets.Ordering;

/// <summary>One pass: the order of its shards, where its blocks begin, and the order inside the blocks last used.</summary>
internal sealed class PassPlan
{
    private readonly IReadOnlyList<ShardSize> _shards;
    private readonly int[] _firstOrdinals;
    private readonly long _seed;
    private readonly int _dataset;
    private readonly int[] _shardOrder;

    // Where each shard of the order begins on the line of positions; the count of all at the end.
    private readonly int[] _shardStarts;

    // Position of each block's first sample; the count of all at the end.
    private readonly int[] _blockStarts;
    private BlockOrder? _block;
    private BlockOrder? _olderBlock;

    public PassPlan(IReadOnlyList<ShardSize> shards, int[] firstOrdinals, long seed, long pass, long blockBytes, int dataset)
    {
        _shards = shards;
        _firstOrdinals = firstOrdinals;
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
        return _firstOrdinals[_shardOrder[slot]] + unshuffled - _shardStarts[slot];
    }

    /// <summary>The block of a position: its first and its end position, and its shards.</summary>
    public (int First, int End, int[] Shards) BlockAt(int position)
    {
        int block = Containing(_blockStarts, position);
        (int first, int end) = (_blockStarts[block], _blockStarts[block + 1]);
        int firstSlot = Containing(_shardStarts, first);
        int lastSlot = Containing(_shardStarts, end - 1);
        return (first, end, _shardOrder[firstSlot..(lastSlot + 1)]);
    }

    /// <summary>The last entry that is not beyond the position.</summary>
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

    /// <summary>Takes shards into a block while they fit; a shard larger than a block is cut into pieces of about a block.</summary>
    private int[] Cut(long blockBytes)
    {
        var blockStarts = new List<int> { 0 };
        long inBlock = 0;
        for (int slot = 0; slot < _shardOrder.Length; slot++)
        {
            ShardSize shard = _shards[_shardOrder[slot]];
            int pieces = (int)Math.Clamp((shard.Bytes + blockBytes - 1) / blockBytes, 1, shard.Samples);
            for (int piece = 0; piece < pieces; piece++)
            {
                long bytes = shard.Bytes / pieces;
                int start = _shardStarts[slot] + (int)((long)shard.Samples * piece / pieces);
                if (inBlock + bytes > blockBytes && start > blockStarts[^1])
                {
                    blockStarts.Add(start);
                    inBlock = 0;
                }

                inBlock += bytes;
            }

            _shardStarts[slot + 1] = _shardStarts[slot] + shard.Samples;
        }

        blockStarts.Add(_shardStarts[^1]);
        return [.. blockStarts];
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
