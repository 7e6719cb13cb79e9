using CsCheck;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Ordering;

namespace Ppma.Datasets.Tests.Caching;

public class CachePropertyTests
{
    private enum Step
    {
        Read,
        Expect,
        Forget,
    }

    /// <summary>Whatever is read, expected and forgotten: right bytes, never more than the limit, and strangers stay.</summary>
    [Fact]
    public async Task Read_AnyStepsShardsAndLimit_RightBytesWithinTheLimit() => await
        Gen.Select(
            Gen.Int[1, 3000].Array[1, 8],
            Gen.Int[0, 100],
            Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 7], Gen.Int[0, 7]).Array[1, 25])
        .SampleAsync(
            async (sizes, share, steps) =>
            {
                using var folder = new TempFolder();
                ShardEntry[] shards = CacheBench.Sized(sizes);
                long limitBytes = sizes.Max() + ((sizes.Sum() - sizes.Max()) * share / 100);
                await using var bench = new CacheBench(folder.Path, shards, limitBytes);
                bench.Store.BeforePiece = (_, _) => AssertWithin(folder.Path, limitBytes);
                File.WriteAllText(folder["stranger.shard"], "");
                foreach ((Step step, int first, int second) in steps)
                {
                    int number = first % shards.Length;
                    switch (step)
                    {
                        case Step.Read:
                            await bench.ReadAsync(number, second * sizes[number] / 8);
                            break;
                        case Step.Expect:
                            bench.Expect(number, second % shards.Length);
                            break;
                        case Step.Forget:
                            bench.Source.Forget(shards[number]);
                            break;
                    }

                    await AssertWithin(folder.Path, limitBytes);
                }

                Assert.True(File.Exists(folder["stranger.shard"]));
                Assert.Equal(0, bench.Metrics.HashFailures.Value);
            },
            iter: 150);

    /// <summary>Two passes along a real order, with a cache of two blocks: every byte of a pass comes over the network about once.</summary>
    [Fact]
    public async Task Read_TwoPassesOfAnOrder_FetchesEveryByteAboutOnceAPass()
    {
        const int SamplesPerShard = 12;
        using var folder = new TempFolder();
        int[] sizes = [.. Enumerable.Range(0, 30).Select(i => 1200 + (i * 331 % 4800))];
        const long BlockBytes = 20_000;
        var order = new SampleOrder([.. sizes.Select(size => new ShardSize(size, SamplesPerShard))], seed: 3, BlockBytes);
        await using var bench = new CacheBench(folder.Path, CacheBench.Sized(sizes), limitBytes: 2 * BlockBytes);
        long end = 2L * order.Count;
        for (long cursor = 0; cursor < end; cursor++)
        {
            ShuffleBlock block = order.BlockAt(cursor);
            if (cursor == block.FirstCursor)
            {
                bench.Expect([.. block.Shards, .. block.EndCursor < end ? order.BlockAt(block.EndCursor).Shards : []]);
            }

            (int shard, int sample) = Math.DivRem(order.At(cursor).Ordinal, SamplesPerShard);
            int sampleBytes = sizes[shard] / SamplesPerShard;
            await bench.ReadAsync(shard, sample * sampleBytes, sampleBytes);
        }

        Assert.InRange(bench.Store.BytesRead, 1, 1.05 * 2 * sizes.Sum());
    }

    private static Task AssertWithin(string folder, long limitBytes)
    {
        Assert.InRange(CacheBench.BytesIn(folder), 0, limitBytes);
        return Task.CompletedTask;
    }
}
