using Ppma.Datasets.Caching;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Tests.Caching;

/// <summary>A data set that is read through a cache, from its index on.</summary>
public class CachedDatasetTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    public async Task ReadVideo_ThroughTheCache_GivesTheVideos(long directReadBytes)
    {
        using var data = new TempFolder();
        using var folder = new TempFolder();
        Samples.Pack(data.Path);
        await using ShardCache cache = Open(folder, directReadBytes);
        Dataset dataset = await OpenAsync(new RemoteFolder(data.Path), cache);
        dataset.Expect(Enumerable.Range(0, dataset.Shards.Count));

        for (int i = 0; i < 3 * Samples.Train; i++)
        {
            using var video = await dataset.ReadVideoAsync(await dataset.GetAsync(i % Samples.Train, Cancellation), Cancellation);
            Assert.Equal(Samples.Video(i % Samples.Train), video.Memory.ToArray());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    public async Task ReadVideo_WrongBytesOnTheWireOnce_AreReadAgain(long directReadBytes)
    {
        using var data = new TempFolder();
        using var folder = new TempFolder();
        Samples.Pack(data.Path);
        int reads = 0;
        var store = new RemoteFolder(data.Path);
        store.Damage = (name, bytes) =>
        {
            if (name.EndsWith(".tar", StringComparison.Ordinal) && reads++ == 0)
            {
                bytes.Span.Fill(7);
            }
        };
        var metrics = new StreamMetrics();
        await using ShardCache cache = Open(folder, directReadBytes, metrics);
        Dataset dataset = await OpenAsync(store, cache, metrics);

        using var video = await dataset.ReadVideoAsync(await dataset.GetAsync(4, Cancellation), Cancellation);

        Assert.Equal(Samples.Video(4), video.Memory.ToArray());
        Assert.InRange(metrics.HashFailures.Value, 1, 2);
        Assert.Equal(2, reads);
    }

    [Fact]
    public async Task Open_CacheBelowTwoShards_IsRefusedWithTheNumbers()
    {
        using var data = new TempFolder();
        using var folder = new TempFolder();
        long largest = Samples.Pack(data.Path).Shards.Where(shard => shard.Split == "train").Max(shard => shard.Bytes);
        await using ShardCache cache = ShardCache.Open(new ShardCacheOptions { Folder = folder.Path, LimitBytes = largest });

        var refused = await Assert.ThrowsAsync<ShardCacheException>(() => OpenAsync(new RemoteFolder(data.Path), cache));

        Assert.Equal(ShardCacheFault.LimitTooSmall, refused.Fault);
        Assert.Contains($"two of the largest shards of 'https://store.invalid/clips/' need {2 * largest} bytes at once", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_LocalFolder_IsNotCached()
    {
        using var data = new TempFolder();
        using var folder = new TempFolder();
        Samples.Pack(data.Path);
        await using ShardCache cache = Open(folder, directReadBytes: 0);
        Dataset dataset = await Dataset.OpenAsync(BlobStore.Open(data.Path), "train", new DatasetOptions { Cache = cache }, Cancellation);

        using var video = await dataset.ReadVideoAsync(await dataset.GetAsync(0, Cancellation), Cancellation);

        Assert.Equal(0, CacheBench.BytesIn(folder.Path));
    }

    private static ShardCache Open(TempFolder folder, long directReadBytes, StreamMetrics? metrics = null) => ShardCache.Open(
        new ShardCacheOptions { Folder = folder.Path, LimitBytes = 1 << 20, DirectReadBytes = directReadBytes, Metrics = metrics ?? new StreamMetrics() });

    private static Task<Dataset> OpenAsync(RemoteFolder store, ShardCache cache, StreamMetrics? metrics = null) =>
        Dataset.OpenAsync(store, "train", new DatasetOptions { Cache = cache, Metrics = metrics ?? new StreamMetrics() }, Cancellation);
}
