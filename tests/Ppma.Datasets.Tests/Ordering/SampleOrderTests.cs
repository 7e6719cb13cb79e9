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
        List<ShardLayout> shards = Layouts.Of([.. Enumerable.Range(0, 7).Select(shard => Enumerable.Range(1, 50).Select(size => size * (shard + 1)).ToArray())]);
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

    /// <summary>Fetches pages into a cache of two blocks, least recently used out first, and counts what is fetched.</summary>
    [Fact]
    public void At_CacheOfTwoBlocks_ReadsEveryByteAboutOnce()
    {
        const int Page = 1000;
        const int BlockBytes = 20 * Page;
        List<ShardLayout> shards = Layouts.Of([.. Enumerable.Range(0, 40).Select(_ => Enumerable.Repeat(95, 300).ToArray())]);
        var order = new SampleOrder(shards, seed: 3, BlockBytes);
        var cache = new LinkedList<(int Shard, long Page)>();
        long fetched = 0;
        foreach (int ordinal in Pass(order, 0))
        {
            int shard = ordinal / 300;
            long offset = shards[shard].Offsets[ordinal % 300];
            for (long page = offset / Page; page <= (offset + 94) / Page; page++)
            {
                if (!cache.Remove((shard, page)))
                {
                    fetched += Math.Min(Page, shards[shard].Bytes - (page * Page));
                }

                cache.AddFirst((shard, page));
                if (cache.Count > 2 * BlockBytes / Page)
                {
                    cache.RemoveLast();
                }
            }
        }

        Assert.InRange(fetched / (double)shards.Sum(layout => layout.Bytes), 0.99, 1.05);
    }

    [Fact]
    public void At_OtherSeedPassOrDataset_IsAnotherOrder()
    {
        List<ShardLayout> shards = Layouts.Of([.. Enumerable.Range(0, 5).Select(_ => Enumerable.Repeat(10, 40).ToArray())]);
        var order = new SampleOrder(shards, seed: 1, shuffleBlockBytes: 500);
        int[][] orders =
        [
            Pass(order, 0),
            Pass(order, 1),
            Pass(new SampleOrder(shards, seed: 2, shuffleBlockBytes: 500), 0),
            Pass(new SampleOrder(shards, seed: 1, shuffleBlockBytes: 500, dataset: 1), 0),
            Pass(new SampleOrder(shards, seed: 1, shuffleBlockBytes: 501), 0),
        ];
        Assert.Equal(orders.Length, orders.Select(ordinals => string.Join(',', ordinals)).Distinct().Count());
    }

    [Fact]
    public void At_OneBlock_PutsEverySampleEverywhereEquallyOften()
    {
        var order = new SampleOrder(Layouts.Of([[10, 10, 10, 10, 10]]), seed: 5, shuffleBlockBytes: 1000);
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
    public void At_SubsetOfOrdinals_VisitsThoseOnly()
    {
        var order = new SampleOrder([new ShardLayout(100, [3, 5], [10, 50]), new ShardLayout(100, [9], [20])], seed: 1, shuffleBlockBytes: 60);
        Assert.Equal([3, 5, 9], Pass(order, 4).Order());
    }

    [Fact]
    public void At_MillionSamples_IsFoundWithoutWalkingThePass()
    {
        List<ShardLayout> shards = Layouts.Of([.. Enumerable.Range(0, 1000).Select(_ => Enumerable.Repeat(1000, 1000).ToArray())]);
        var order = new SampleOrder(shards, seed: 1, shuffleBlockBytes: 1 << 20);
        var seen = new HashSet<int>();
        for (int position = 0; position < order.Count; position += 99_991)
        {
            Assert.True(seen.Add(order.At(12, position)));
        }
    }

    [Fact]
    public void ReplacementAt_AnotherAttempt_ChoosesAnewButRepeatably()
    {
        var order = new SampleOrder(Layouts.Of([[.. Enumerable.Repeat(10, 200)]]), seed: 1, shuffleBlockBytes: 100);
        var again = new SampleOrder(Layouts.Of([[.. Enumerable.Repeat(10, 200)]]), seed: 1, shuffleBlockBytes: 100);
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
