using Ppma.Datasets.Indexing;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Tests.Caching;

public class CachedShardsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_Twice_FetchesOnce()
    {
        using var folder = new TempFolder();
        await using var bench = new CacheBench(folder.Path, CacheBench.Sized(5000), limitBytes: 20_000);

        await bench.ReadAsync(0, 4000, 500);
        await bench.ReadAsync(0);

        Assert.Equal(1, bench.Store.Copies);
        Assert.Equal(1, bench.Metrics.CacheMisses.Value);
        Assert.Equal(1, bench.Metrics.CacheHits.Value);
    }

    [Fact]
    public async Task Read_ByTheNextProcess_FetchesNothing()
    {
        using var folder = new TempFolder();
        await using (var first = new CacheBench(folder.Path, CacheBench.Sized(5000), limitBytes: 20_000))
        {
            await first.ReadAsync(0);
            await Until(() => first.Present() is [0]);
        }

        await using var bench = new CacheBench(folder.Path, CacheBench.Sized(5000), limitBytes: 20_000);
        await bench.ReadAsync(0);

        Assert.Equal(0, bench.Store.BytesRead);
    }

    [Fact]
    public async Task Read_FileRottenSinceTheLastProcess_IsFetchedAgain()
    {
        using var folder = new TempFolder();
        string path;
        await using (var first = new CacheBench(folder.Path, CacheBench.Sized(5000), limitBytes: 20_000))
        {
            await first.ReadAsync(0);
            path = first.PathOf(0);
            await Until(() => File.Exists(path));
        }

        byte[] bytes = File.ReadAllBytes(path);
        bytes[77] ^= 1;
        File.WriteAllBytes(path, bytes);
        await using var bench = new CacheBench(folder.Path, CacheBench.Sized(5000), limitBytes: 20_000);
        bench.Expect(0);
        await Until(() => bench.Metrics.HashFailures.Value == 1 && bench.Store.Copies == 1 && bench.Present() is [0]);

        await bench.ReadAsync(0);
    }

    [Fact]
    public async Task Read_FileOfAnotherSize_IsFetchedAgain()
    {
        using var folder = new TempFolder();
        await using var bench = new CacheBench(folder.Path, CacheBench.Sized(5000), limitBytes: 20_000);
        File.WriteAllBytes(bench.PathOf(0), new byte[4999]);

        await bench.ReadAsync(0);

        Assert.Equal(1, bench.Store.Copies);
    }

    [Fact]
    public async Task Read_WrongBytesOnce_AreFetchedAgain()
    {
        using var folder = new TempFolder();
        await using var bench = new CacheBench(folder.Path, CacheBench.Sized(5000), limitBytes: 20_000);
        bench.Store.Damage = (copy, _, piece) => piece[3] ^= (byte)(copy == 0 ? 1 : 0);
        bench.Expect(0);
        await Until(() => bench.Present() is [0]);

        await bench.ReadAsync(0);

        Assert.Equal(2, bench.Store.Copies);
        Assert.Equal(1, bench.Metrics.HashFailures.Value);
    }

    [Fact]
    public async Task Read_WrongBytesTwice_NamesShardAndBothHashes()
    {
        using var folder = new TempFolder();
        await using var bench = new CacheBench(folder.Path, CacheBench.Sized(5000), limitBytes: 20_000);
        bench.Store.Damage = (_, _, piece) => piece[3] ^= 1;
        // A single piece that lands early is the reader's to check, so the reader asks for all.
        var refused = await Assert.ThrowsAsync<DatasetFormatException>(async () =>
        {
            while (true)
            {
                await bench.Source.ReadAsync(bench.Shards[0], 0, new byte[5000], Cancellation);
                bench.Source.Forget(bench.Shards[0]);
            }
        });

        Assert.Equal(DatasetFault.HashMismatch, refused.Fault);
        Assert.StartsWith("https://store.invalid/data/train-000000.tar: the shard's SHA-256 is ", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"but the index says {bench.Shards[0].Sha256}; it was fetched twice", refused.Message, StringComparison.Ordinal);
        await Until(() => CacheBench.BytesIn(folder.Path) == 0);
    }

    [Fact]
    public async Task EnsureChecked_WrongBytesBesideTheOnesThatWereRead_NamesTheShard()
    {
        using var folder = new TempFolder();
        await using var bench = new CacheBench(folder.Path, CacheBench.Sized(5000, 5000), limitBytes: 20_000);
        var isRead = new TaskCompletionSource();
        bench.Store.BeforePiece = (start, stop) => start == 2048 ? isRead.Task.WaitAsync(stop) : Task.CompletedTask;
        bench.Store.Damage = (_, start, piece) => piece[3] ^= (byte)(start == 2048 ? 1 : 0);
        Task<int> read = await Task.WhenAny(new[] { 0, 1024, 3072, 4096 }.Select(async start =>
        {
            await bench.ReadAsync(0, start, 900);
            return start;
        }));
        Task check = bench.Cache.EnsureCheckedAsync(Cancellation);
        Assert.False(check.IsCompleted);

        isRead.SetResult();

        Assert.NotEqual(2048, await read);
        var wrong = await Assert.ThrowsAsync<DatasetFormatException>(() => check);
        Assert.Equal((DatasetFault.HashMismatch, "https://store.invalid/data/train-000000.tar"), (wrong.Fault, wrong.File));

        // The way is mended, and the shard was had right since.
        bench.Store.Damage = (_, _, _) => { };
        await bench.ReadAsync(0, 2048, 900);
        await bench.Cache.EnsureCheckedAsync(Cancellation);
    }

    [Fact]
    public async Task EnsureChecked_ShardsThatNobodyRead_AreNotWaitedFor()
    {
        using var folder = new TempFolder();
        await using var bench = new CacheBench(folder.Path, CacheBench.Sized(5000), limitBytes: 20_000);
        bench.Store.BeforePiece = (_, stop) => Task.Delay(Timeout.Infinite, stop);
        bench.Expect(0);

        await bench.Cache.EnsureCheckedAsync(Cancellation);

        Assert.Empty(bench.Present());
    }

    [Fact]
    public async Task Read_WithinTheFirstBytes_GoesStraightToTheStore()
    {
        using var folder = new TempFolder();
        await using var bench = new CacheBench(folder.Path, CacheBench.Sized(5000), limitBytes: 20_000, directReadBytes: 1000);

        await bench.ReadAsync(0, 100, 600);
        Assert.Equal(600, bench.Store.BytesRead);
        await bench.ReadAsync(0, 100, 600);

        Assert.Equal(5600, bench.Store.BytesRead);
    }

    [Fact]
    public async Task Read_BytesThatHaveLanded_DoesNotWaitForTheRest()
    {
        using var folder = new TempFolder();
        await using var bench = new CacheBench(folder.Path, CacheBench.Sized(5000), limitBytes: 20_000);
        bench.Store.BeforePiece = (start, stop) => start == 2048 ? Task.Delay(Timeout.Infinite, stop) : Task.CompletedTask;
        bench.Store.Damage = (_, _, _) => { };

        // Pieces come in an order that the fake draws; which ones came before the one that never does is found by waiting.
        Task<int> first = await Task.WhenAny(new[] { 0, 1024, 3072, 4096 }.Select(async start =>
        {
            await bench.ReadAsync(0, start, 900);
            return start;
        }));

        Assert.NotEqual(2048, await first);
        Assert.Empty(bench.Present());
    }

    [Fact]
    public async Task Read_Cancelled_EndsThoughTheShardNeverComes()
    {
        using var folder = new TempFolder();
        await using var bench = new CacheBench(folder.Path, CacheBench.Sized(5000), limitBytes: 20_000);
        var asked = new TaskCompletionSource();
        bench.Store.BeforePiece = (_, stop) =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.Infinite, stop);
        };
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task reading = bench.Source.ReadAsync(bench.Shards[0], 0, new byte[10], stopping.Token).AsTask();
        await asked.Task;

        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task Read_StoreFails_ThrowsAndTheNextTriesAgain()
    {
        using var folder = new TempFolder();
        await using var bench = new CacheBench(folder.Path, CacheBench.Sized(5000), limitBytes: 20_000);
        bench.Store.BeforePiece = (_, _) => throw new StoreException(StoreFailure.Unavailable, "https://store.invalid", "down", "Wait");
        await Assert.ThrowsAsync<StoreException>(() => bench.ReadAsync(0));

        bench.Store.BeforePiece = (_, _) => Task.CompletedTask;

        await bench.ReadAsync(0);
    }

    [Fact]
    public async Task Read_ManyThreadsAndShards_GiveTheRightBytes()
    {
        using var folder = new TempFolder();
        ShardEntry[] shards = CacheBench.Sized([.. Enumerable.Range(0, 12).Select(i => 2000 + (i * 517))]);
        await using var bench = new CacheBench(folder.Path, shards, limitBytes: 20_000);
        bench.Expect(3, 4, 5);

        await Parallel.ForAsync(0, 150, Cancellation, async (i, _) => await bench.ReadAsync(i * 7 % 12, i * 13 % 1900, 100));

        Assert.InRange(CacheBench.BytesIn(folder.Path), 1, 20_000);
    }

    [Fact]
    public async Task Forget_ByManyThreads_KeepsAGoodCopy()
    {
        using var folder = new TempFolder();
        await using var bench = new CacheBench(folder.Path, CacheBench.Sized(5000), limitBytes: 20_000);
        await bench.ReadAsync(0);

        await Parallel.ForAsync(0, 50, Cancellation, async (_, _) =>
        {
            bench.Source.Forget(bench.Shards[0]);
            await bench.ReadAsync(0);
        });

        Assert.Equal(1, bench.Store.Copies);
        Assert.Equal(0, bench.Metrics.HashFailures.Value);
    }

    [Fact]
    public async Task Forget_RottenCopy_IsFetchedAgainOnce()
    {
        using var folder = new TempFolder();
        await using var bench = new CacheBench(folder.Path, CacheBench.Sized(5000), limitBytes: 20_000);
        await bench.ReadAsync(0);
        await Until(() => bench.Cache.Shard(bench.Store, bench.Shards[0])!.IsOpen);
        await using (FileStream file = new(bench.PathOf(0), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Write(new byte[100]);
        }

        await Parallel.ForAsync(0, 50, Cancellation, async (_, _) =>
        {
            bench.Source.Forget(bench.Shards[0]);
            await bench.ReadAsync(0);
        });

        Assert.Equal(2, bench.Store.Copies);
        Assert.Equal(1, bench.Metrics.HashFailures.Value);
    }

    [Fact]
    public async Task Dispose_WhileFetching_LeavesNothingBehind()
    {
        using var folder = new TempFolder();
        Task reading;
        await using (var bench = new CacheBench(folder.Path, CacheBench.Sized(5000), limitBytes: 20_000))
        {
            var asked = new TaskCompletionSource();
            bench.Store.BeforePiece = (_, stop) =>
            {
                asked.TrySetResult();
                return Task.Delay(Timeout.Infinite, stop);
            };
            reading = bench.ReadAsync(0);
            await asked.Task;
            Assert.Equal(5000, CacheBench.BytesIn(folder.Path));
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => reading);
        Assert.Equal(0, CacheBench.BytesIn(folder.Path));
    }

    private static async Task Until(Func<bool> isSo)
    {
        while (!isSo())
        {
            await Task.Delay(5, Cancellation);
        }
    }
}
