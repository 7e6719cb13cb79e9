using Microsoft.Extensions.Time.Testing;
using Ppma.Datasets.Caching;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Metrics;

namespace Ppma.Datasets.Tests.Caching;

public class ShardCacheTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Open_FolderOfOthers_IsRefusedByNameAndLeftAlone()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["thesis.txt"], "mine");

        var refused = Assert.Throws<ShardCacheException>(() => Open(folder.Path));

        Assert.Equal(ShardCacheFault.Foreign, refused.Fault);
        Assert.Equal($"Shard cache '{folder.Path}': it is no cache and not empty: it holds 'thesis.txt'. Name an empty or a new folder.", refused.Message);
        Assert.Equal([folder["thesis.txt"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("{\"ppmaCache\": 2}")]
    [InlineData("")]
    [InlineData("[]")]
    public void Open_MarkerOfAnotherVersion_IsRefused(string marker)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["ppma-cache.json"], marker);

        Assert.Contains("does not say that it is a cache of version 1", Assert.Throws<ShardCacheException>(() => Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_FreshVolume_IsTaken()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["lost+found"]);
        File.WriteAllText(folder[$"ppma-cache.json.{Guid.NewGuid():n}.tmp"], "");

        await using ShardCache cache = Open(folder.Path);

        Assert.Equal("{\"ppmaCache\":1}", File.ReadAllText(folder["ppma-cache.json"]));
    }

    [Fact]
    public void Open_LimitBeyondTheDisk_NamesTheNumbers()
    {
        using var folder = new TempFolder();

        var refused = Assert.Throws<ShardCacheException>(() => Open(folder.Path, limitBytes: 1001, freeBytes: 1000));

        Assert.Equal(
            $"Shard cache '{folder.Path}': the limit is 1001 bytes, but the disk has 1000 bytes free and the cache takes 0 of it, 1000 bytes together. " +
            "Free space on the disk, or lower the limit to 1000 bytes or less.",
            refused.Message);
    }

    [Fact]
    public async Task Open_NoLimit_TakesHalfOfWhatThereIs()
    {
        using var folder = new TempFolder();
        await using (ShardCache first = Open(folder.Path, freeBytes: 1000))
        {
            Assert.Equal(500, first.LimitBytes);
        }

        File.WriteAllBytes(folder[new string('a', 64) + ".shard"], new byte[500]);
        await using ShardCache second = Open(folder.Path, freeBytes: 500);
        Assert.Equal(500, second.LimitBytes);
    }

    [Fact]
    public async Task Require_MoreThanTheLimit_NamesTheNumbers()
    {
        using var folder = new TempFolder();
        await using ShardCache cache = Open(folder.Path, limitBytes: 700, freeBytes: 1000);
        cache.Require(700, "two blocks");

        var refused = Assert.Throws<ShardCacheException>(() => cache.Require(701, "two blocks"));

        Assert.Equal(ShardCacheFault.LimitTooSmall, refused.Fault);
        Assert.Equal(
            $"Shard cache '{folder.Path}': the limit is 700 bytes, but two blocks need 701 bytes at once (1000 bytes are free on the disk). " +
            "Raise the cache's limit to 701 bytes or more, or use smaller shards or shuffle blocks.",
            refused.Message);
    }

    [Theory]
    [InlineData(1402, ShardCacheFault.DiskFull)]
    [InlineData(1401, ShardCacheFault.LimitTooSmall)]
    public async Task Require_MoreThanHalfOfWhatIsFree_IsADiskThatOthersFilledWhereTheEmptyDiskWouldDo(long diskBytes, ShardCacheFault fault)
    {
        using var folder = new TempFolder();
        await using ShardCache cache = ShardCache.Open(new ShardCacheOptions { Folder = folder.Path, FreeBytes = _ => 1000, DiskBytes = _ => diskBytes });

        var refused = Assert.Throws<ShardCacheException>(() => cache.Require(701, "two blocks"));

        Assert.Equal(fault, refused.Fault);
        Assert.Contains("two blocks need 701 bytes at once", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ArrivingFileOfALivingProcess_IsKept()
    {
        using var folder = new TempFolder();
        await using ShardCache first = Open(folder.Path);
        string living = folder[$"{new string('a', 64)}.{Guid.NewGuid():n}.tmp"];
        string orphan = folder[$"{new string('b', 64)}.{Guid.NewGuid():n}.tmp"];
        string stranger = folder["b.tmp"];
        File.WriteAllText(orphan, "");
        File.WriteAllText(stranger, "");
        await using (var held = new FileStream(living, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            await using ShardCache second = Open(folder.Path);

            Assert.True(File.Exists(living));
            Assert.False(File.Exists(orphan));
            Assert.True(File.Exists(stranger));
        }
    }

    [Fact]
    public async Task Expect_MoreThanTheLimit_FetchesTheNearestAndStops()
    {
        using var folder = new TempFolder();
        await using var bench = new CacheBench(folder.Path, CacheBench.Sized(1000, 1000, 1000, 1000), limitBytes: 2500);

        bench.Expect(2, 0, 1, 3);
        await Until(() => bench.Present() is [0, 2]);
        await bench.ReadAsync(2);
        await bench.ReadAsync(0);

        Assert.Equal([0, 2], bench.Present());
        Assert.Equal(2, bench.Store.Copies);
        Assert.Equal(0, bench.Metrics.CacheEvictions.Value);
    }

    [Fact]
    public async Task Expect_Others_RemovesTheLeastRecentlyUsedForThem()
    {
        using var folder = new TempFolder();
        await using var bench = new CacheBench(folder.Path, CacheBench.Sized(1000, 1000, 1000, 1000), limitBytes: 3000);
        foreach (int number in new[] { 0, 1, 2 })
        {
            await bench.ReadAsync(number);
            await Until(() => bench.Present().Contains(number));
            File.SetLastWriteTimeUtc(bench.PathOf(number), DateTime.UtcNow.AddMinutes(number == 1 ? -9 : -number));
        }

        bench.Expect(3);
        await Until(() => bench.Present().Contains(3));

        Assert.Equal([0, 2, 3], bench.Present());
        Assert.Equal(1, bench.Metrics.CacheEvictions.Value);
        Assert.Equal(3000, bench.Metrics.CacheBytes.Value);
    }

    [Fact]
    public async Task Read_WhileAnotherProcessUsesAllRoom_GoesPastTheCache()
    {
        using var folder = new TempFolder();
        ShardEntry[] shards = CacheBench.Sized(1000, 1000, 1000);
        await using var other = new CacheBench(folder.Path, shards, limitBytes: 2000);
        other.Expect(0, 1);
        await Until(() => other.Present() is [0, 1]);
        await using var bench = new CacheBench(folder.Path, shards, limitBytes: 2000);

        await bench.ReadAsync(2, 100, 50);
        await bench.ReadAsync(2, 200, 50);

        Assert.Equal(100, bench.Store.BytesRead);
        Assert.Equal([0, 1], bench.Present());
    }

    [Fact]
    public async Task Read_PastTheCache_SeeksRoomAgainLater()
    {
        using var folder = new TempFolder();
        ShardEntry[] shards = CacheBench.Sized(1000, 1000, 1000);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var bench = new CacheBench(folder.Path, shards, limitBytes: 2000, time: time);
        await using (var other = new CacheBench(folder.Path, shards, limitBytes: 2000))
        {
            other.Expect(0, 1);
            await Until(() => other.Present() is [0, 1]);
            await bench.ReadAsync(2, 100, 50);
        }

        await bench.ReadAsync(2, 100, 50);
        Assert.Equal([0, 1], bench.Present());
        time.Advance(TimeSpan.FromSeconds(6));
        await bench.ReadAsync(2, 100, 50);

        await Until(() => bench.Present().Contains(2));
        Assert.Equal(1, bench.Store.Copies);
    }

    [Fact]
    public void TryEnter_LockHeldByAStoppedProcess_GivesUp()
    {
        using var folder = new TempFolder();
        using FolderLock.Held? held = new FolderLock(folder["ppma-cache.lock"]).TryEnter(TimeSpan.Zero, Cancellation);
        Assert.NotNull(held);

        Assert.Null(new FolderLock(folder["ppma-cache.lock"]).TryEnter(TimeSpan.FromMilliseconds(30), Cancellation));
    }

    [Fact]
    public async Task Read_ShardThatAnotherProcessFetches_WaitsForThat()
    {
        using var folder = new TempFolder();
        ShardEntry[] shards = CacheBench.Sized(5000);
        await using var other = new CacheBench(folder.Path, shards, limitBytes: 20_000);
        var go = new TaskCompletionSource();
        other.Store.BeforePiece = (_, _) => go.Task;
        other.Expect(0);
        await Until(() => CacheBench.BytesIn(folder.Path) == 5000);
        await using var bench = new CacheBench(folder.Path, shards, limitBytes: 20_000);
        Task reading = bench.ReadAsync(0);

        go.SetResult();
        await reading;

        Assert.Equal(0, bench.Store.BytesRead);
    }

    [Fact]
    public async Task Read_ShardThatAnotherProcessNeverFinishes_FetchesItself()
    {
        using var folder = new TempFolder();
        ShardEntry[] shards = CacheBench.Sized(5000);
        await using var other = new CacheBench(folder.Path, shards, limitBytes: 20_000);
        other.Store.BeforePiece = (_, stop) => Task.Delay(Timeout.Infinite, stop);
        other.Expect(0);
        await Until(() => CacheBench.BytesIn(folder.Path) == 5000);
        await using var bench = new CacheBench(folder.Path, shards, limitBytes: 20_000);

        await bench.ReadAsync(0);

        Assert.Equal(1, bench.Store.Copies);
    }

    [Fact]
    public async Task Read_DiskFullInSpiteOfTheLimit_NamesTheNumbers()
    {
        using var folder = new TempFolder();
        long free = 10_000;
        var metrics = new StreamMetrics();
        await using var cache = ShardCache.Open(new ShardCacheOptions
        {
            Folder = folder.Path, LimitBytes = 10_000, DirectReadBytes = 0, Metrics = metrics, FreeBytes = _ => free,
        });
        ShardEntry[] shards = CacheBench.Sized(3000, 3000);
        var source = new CachedShards(cache, new FakeStore(), shards, metrics);
        free = 2999;

        var refused = await Assert.ThrowsAsync<ShardCacheException>(async () => await source.ReadAsync(shards[0], 0, new byte[10], Cancellation));

        Assert.Equal(ShardCacheFault.DiskFull, refused.Fault);
        Assert.Equal(
            $"Shard cache '{folder.Path}': a shard of 3000 bytes does not fit on the disk, which has 2999 bytes free, though the limit allows 10000 bytes. " +
            "Free space on the disk, or lower the cache's limit.",
            refused.Message);
    }

    [Fact]
    public async Task Read_DataSetsOfEqualShards_ShareThem()
    {
        using var folder = new TempFolder();
        await using var bench = new CacheBench(folder.Path, CacheBench.Sized(5000), limitBytes: 20_000);
        var elsewhere = new FakeStore();
        var copy = new CachedShards(bench.Cache, elsewhere, bench.Shards, bench.Metrics);
        await bench.ReadAsync(0);

        byte[] found = new byte[5000];
        await copy.ReadAsync(bench.Shards[0], 0, found, Cancellation);

        Assert.Equal(FakeStore.Content(0, 5000), found);
        Assert.Equal(0, elsewhere.BytesRead);
    }

    [Fact]
    public async Task Read_ShardsPinnedByETagAlone_AreKeptByVersion()
    {
        using var folder = new TempFolder();
        ShardEntry first = FakeStore.Shard(0, 5000) with { Sha256 = null, ETag = "1" };
        ShardEntry second = first with { ETag = "2" };
        await using (var bench = new CacheBench(folder.Path, [first], limitBytes: 20_000))
        {
            await bench.ReadAsync(0);
            await Until(() => Directory.GetFiles(folder.Path, "*.shard").Length == 1);
        }

        await using (var bench = new CacheBench(folder.Path, [first], limitBytes: 20_000))
        {
            await bench.ReadAsync(0);
            Assert.Equal(0, bench.Store.Copies);
            bench.Source.Forget(first);
            await bench.ReadAsync(0);
            Assert.Equal(1, bench.Store.Copies);
        }

        await using var changed = new CacheBench(folder.Path, [second], limitBytes: 20_000);
        await changed.ReadAsync(0);
        Assert.Equal(1, changed.Store.Copies);
    }

    private static ShardCache Open(string folder, long? limitBytes = null, long freeBytes = 1 << 20) =>
        ShardCache.Open(new ShardCacheOptions { Folder = folder, LimitBytes = limitBytes, FreeBytes = _ => freeBytes });

    private static async Task Until(Func<bool> isSo)
    {
        while (!isSo())
        {
            await Task.Delay(5, Cancellation);
        }
    }
}
