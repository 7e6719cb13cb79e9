using CsCheck;
using Ppma.Datasets.Ordering;

namespace Ppma.Datasets.Tests.Ordering;

public class SampleOrderTests
{
    [Fact]
    public void At_AnyPass_VisitsEverySampleExactlyOnce() =>
        Gen.Select(Layouts.Any, Gen.Long[0, 1000]).Sample((set, pass) =>
        {
            var order = new SampleOrder(set.Shards, set.Seed, set.BlockBytes);
            Assert.Equal(Enumerable.Range(0, order.Count), Pass(order, pass).Order());
        }, iter: 3000);

    [Fact]
    public void At_FromAnyCursor_ContinuesTheSameSequence() =>
        Gen.Select(Layouts.Any, Gen.Double.Unit).Sample((set, share) =>
        {
            var whole = new SampleOrder(set.Shards, set.Seed, set.BlockBytes);
            int from = (int)(share * 2 * whole.Count);
            var visits = Enumerable.Range(0, 3 * whole.Count).Select(cursor => whole.At(cursor)).ToList();
            var resumed = new SampleOrder(set.Shards, set.Seed, set.BlockBytes);
            Assert.Equal(visits[from..], Enumerable.Range(from, visits.Count - from).Select(cursor => resumed.At(cursor)));
        }, iter: 3000);

    [Fact]
    public void At_BackwardsOrForwards_IsTheSame() => Layouts.Any.Sample(set =>
    {
        var forwards = new SampleOrder(set.Shards, set.Seed, set.BlockBytes);
        var backwards = new SampleOrder(set.Shards, set.Seed, set.BlockBytes);
        var expected = Enumerable.Range(0, 2 * forwards.Count).Select(cursor => forwards.At(cursor)).ToList();
        Assert.Equal(Enumerable.Reverse(expected), Enumerable.Range(0, expected.Count).Reverse().Select(cursor => backwards.At(cursor)));
    }, iter: 1000);

    /// <summary>Ranks take turns batch by batch and threads share a rank's clips: together they see one sequence.</summary>
    [Fact]
    public void At_AnyRanksAndThreads_IsOneSequence()
    {
        ShardSize[] shards = [.. Enumerable.Range(1, 7).Select(shard => new ShardSize(1275 * shard, 50))];
        long total = 3 * 7 * 50;
        var alone = new SampleOrder(shards, seed: 7, shuffleBlockBytes: 3000);
        Visit[] expected = [.. Enumerable.Range(0, (int)total).Select(cursor => alone.At(cursor))];
        int[] counts = [1, 2, 4, 8];
        foreach ((int ranks, int threads) in counts.SelectMany(ranks => counts.Select(threads => (ranks, threads))))
        {
            var seen = new Visit[total];
            Parallel.For(0, ranks, new ParallelOptions { MaxDegreeOfParallelism = ranks }, rank =>
            {
                var order = new SampleOrder(shards, seed: 7, shuffleBlockBytes: 3000);
                Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
                {
                    for (long cursor = rank + ((long)thread * ranks); cursor < total; cursor += ranks * threads)
                    {
                        seen[cursor] = order.At(cursor);
                    }
                });
            });
            Assert.Equal(expected, seen);
        }
    }

    /// <summary>Fetches shards into a cache of two blocks, least recently used out first, and counts what is fetched.</summary>
    [Fact]
    public void At_CacheOfTwoBlocks_ReadsEveryByteAboutOnce() => Layouts.Any.Sample(set =>
    {
        var order = new SampleOrder(set.Shards, set.Seed, set.BlockBytes);
        int[] shardOf = [.. set.Shards.SelectMany((shard, i) => Enumerable.Repeat(i, shard.Samples))];
        long cacheBytes = 2 * Math.Max(set.BlockBytes, set.Shards.Max(shard => shard.Bytes));
        var cache = new LinkedList<int>();
        long fetched = 0;
        foreach (int shard in Pass(order, 0).Select(ordinal => shardOf[ordinal]))
        {
            if (!cache.Remove(shard))
            {
                fetched += set.Shards[shard].Bytes;
            }

            cache.AddFirst(shard);
            while (cache.Sum(cached => set.Shards[cached].Bytes) > cacheBytes)
            {
                cache.RemoveLast();
            }
        }

        Assert.Equal(set.Shards.Sum(shard => shard.Bytes), fetched);
    }, iter: 500);

    [Fact]
    public void BlockAt_AnyCursor_HoldsTheShardsOfItsSamples() => Layouts.Any.Sample(set =>
    {
        var order = new SampleOrder(set.Shards, set.Seed, set.BlockBytes);
        int[] shardOf = [.. set.Shards.SelectMany((shard, i) => Enumerable.Repeat(i, shard.Samples))];
        for (long cursor = 0; cursor < 2L * order.Count;)
        {
            ShuffleBlock block = order.BlockAt(cursor);
            Assert.Equal(cursor, block.FirstCursor);
            int[] used = [.. Enumerable.Range(0, (int)(block.EndCursor - cursor)).Select(i => shardOf[order.At(cursor + i).Ordinal]).Distinct().Order()];
            Assert.Equal(used, block.Shards.Order());
            cursor = block.EndCursor;
        }
    }, iter: 500);

    [Fact]
    public void At_OtherSeedPassOrDataset_IsAnotherOrder()
    {
        ShardSize[] shards = Layouts.Of(shards: 5, bytes: 600, samples: 40);
        var order = new SampleOrder(shards, seed: 1, shuffleBlockBytes: 1200);
        int[][] orders =
        [
            Pass(order, 0),
            Pass(order, 1),
            Pass(new SampleOrder(shards, seed: 2, shuffleBlockBytes: 1200), 0),
            Pass(new SampleOrder(shards, seed: 1, shuffleBlockBytes: 1200, dataset: 1), 0),
            Pass(new SampleOrder(shards, seed: 1, shuffleBlockBytes: 1800), 0),
        ];
        Assert.Equal(orders.Length, orders.Select(ordinals => string.Join(',', ordinals)).Distinct().Count());
    }

    [Fact]
    public void At_OneBlock_PutsEverySampleEverywhereEquallyOften()
    {
        var order = new SampleOrder(Layouts.Of(shards: 1, bytes: 50, samples: 5), seed: 5, shuffleBlockBytes: 1000);
        int[,] counts = new int[5, 5];
        const int Passes = 5000;
        for (int pass = 0; pass < Passes; pass++)
        {
            for (int position = 0; position < 5; position++)
            {
                counts[position, order.At(pass, position)]++;
            }
        }

        Assert.All(counts.Cast<int>(), count => Assert.InRange(count, 860, 1140));
    }

    [Fact]
    public void At_MillionSamples_IsFoundWithoutWalkingThePass()
    {
        var order = new SampleOrder(Layouts.Of(shards: 1000, bytes: 1 << 20, samples: 1000), seed: 1, shuffleBlockBytes: 4 << 20);
        var seen = new HashSet<int>();
        for (int position = 0; position < order.Count; position += 99_991)
        {
            Assert.True(seen.Add(order.At(12, position)));
        }
    }

    [Fact]
    public void ReplacementAt_AnotherAttempt_ChoosesAnewButRepeatably()
    {
        var order = new SampleOrder(Layouts.Of(shards: 1, bytes: 2000, samples: 200), seed: 1, shuffleBlockBytes: 100);
        var again = new SampleOrder(Layouts.Of(shards: 1, bytes: 2000, samples: 200), seed: 1, shuffleBlockBytes: 100);
        var chosen = Enumerable.Range(0, 10).Select(attempt => order.ReplacementAt(333, attempt)).ToList();

        Assert.Equal(chosen, Enumerable.Range(0, 10).Select(attempt => again.ReplacementAt(333, attempt)));
        Assert.True(chosen.Distinct().Count() > 5);
        Assert.All(chosen, visit => Assert.Equal(1, visit.Pass));
    }

    [Fact]
    public void Constructor_NoSamples_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new SampleOrder([], seed: 1, shuffleBlockBytes: 100));

    private static int[] Pass(SampleOrder order, long pass) =>
        [.. Enumerable.Range(0, order.Count).Select(position => order.At(pass, position))];
}
