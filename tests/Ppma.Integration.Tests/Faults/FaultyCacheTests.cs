using System.Buffers;
using Azure.Storage.Blobs;
using Ppma.Datasets;
using Ppma.Datasets.Caching;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Ranges;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;
using Ppma.Testing;
using Ppma.Testing.Faults;

namespace Ppma.Integration.Tests.Faults;

/// <summary>A data set read through the shard cache, and the cache filled through a network that fails or lies.</summary>
public sealed class FaultyCacheTests(AzuriteFixture azurite) : IAsyncDisposable
{
    // The cache holds half of the shards, so every pass fetches most of them again.
    private const int Passes = 12;
    private const int ShardsAtHand = 4;

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private readonly StreamMetrics _metrics = new();
    private readonly TempFolder _folder = new("faulty-cache");
    private ShardCache? _cache;

    [Fact]
    public async Task ReadVideoAsync_OfManyPassesThroughAWretchedNetwork_GivesEveryByte()
    {
        RemoteDataset remote = await RemoteDataset.UploadAsync(azurite, _cancellation);
        await using var proxy = new FaultProxy(azurite.Server.BlobEndpoint);
        Dataset dataset = await OpenAsync(remote, proxy);
        proxy.Plan = FaultPlan.RoughDay with { Rates = FaultPlan.RoughDay.Rates.Keys.ToDictionary(fault => fault, _ => 0.03) };
        var random = new Random(3);

        for (int pass = 0; pass < Passes; pass++)
        {
            int[] order = [.. Enumerable.Range(0, RemoteDataset.Shards)];
            random.Shuffle(order);
            await ReadPassAsync(dataset, order).WithinDeadline(proxy.ToString);

            // The folder's mark is no shard.
            Assert.InRange(BytesOf(_folder.Path), 0, _cache!.LimitBytes + 100);
        }

        Assert.All(proxy.Plan.Rates.Keys, fault => Assert.True(proxy.Count(fault) > 0, $"{fault} was never injected. {proxy}"));
        Assert.True(_metrics.CacheEvictions.Value > 0, "Nothing was evicted.");
    }

    [Fact]
    public async Task ReadVideoAsync_WhereEveryRangeIsFlippedAtFirst_GivesEveryByte()
    {
        RemoteDataset remote = await RemoteDataset.UploadAsync(azurite, _cancellation);
        await using var proxy = new FaultProxy(azurite.Server.BlobEndpoint, Always(Fault.FlippedByte) with { HitsPerRange = 1 });
        Dataset dataset = await OpenAsync(remote, proxy);

        await ReadPassAsync(dataset, [.. Enumerable.Range(0, RemoteDataset.Shards)]).WithinDeadline(proxy.ToString);

        // The index, and of each shard the offsets and the bytes.
        Assert.True(_metrics.HashFailures.Value >= 1 + (2 * RemoteDataset.Shards), $"{_metrics.HashFailures.Value} wrong hashes were seen. {proxy}");
    }

    [Fact]
    public async Task ReadVideoAsync_FlippedEachTime_NamesTheShardAndBothHashesAndKeepsNothing()
    {
        RemoteDataset remote = await RemoteDataset.UploadAsync(azurite, _cancellation);
        await using var proxy = new FaultProxy(azurite.Server.BlobEndpoint);
        Dataset dataset = await OpenAsync(remote, proxy);
        SampleRef sample = await dataset.GetAsync(RemoteDataset.Samples - 1, _cancellation);
        proxy.Plan = Always(Fault.FlippedByte);

        var error = await Assert.ThrowsAsync<DatasetFormatException>(
            () => dataset.ReadVideoAsync(sample, _cancellation).AsTask().WithinDeadline(proxy.ToString));

        Assert.Equal(DatasetFault.HashMismatch, error.Fault);
        Assert.Contains(sample.Shard.Name, error.Message, StringComparison.Ordinal);
        Assert.True(
            error.Message.Contains(sample.Shard.Sha256!, StringComparison.Ordinal) || error.Message.Contains($"{sample.Record.Hash:x16}", StringComparison.Ordinal),
            $"The message names no recorded hash: {error.Message}");

        // The way is mended: the same process goes on.
        proxy.Plan = new FaultPlan();
        using IMemoryOwner<byte> video = await dataset.ReadVideoAsync(sample, _cancellation);
        Assert.True(video.Memory.Span.SequenceEqual(RemoteDataset.Video(sample.Ordinal)));
    }

    [Fact]
    public async Task ReadVideoAsync_AfterAnOutage_GoesOn()
    {
        RemoteDataset remote = await RemoteDataset.UploadAsync(azurite, _cancellation);
        await using var proxy = new FaultProxy(azurite.Server.BlobEndpoint);
        Dataset dataset = await OpenAsync(remote, proxy, tries: 3);
        SampleRef sample = await dataset.GetAsync(0, _cancellation);
        proxy.Plan = Always(Fault.Unavailable);

        var error = await Assert.ThrowsAsync<StoreException>(
            () => dataset.ReadVideoAsync(sample, _cancellation).AsTask().WithinDeadline(proxy.ToString));
        proxy.Plan = new FaultPlan();
        using IMemoryOwner<byte> video = await dataset.ReadVideoAsync(sample, _cancellation);

        Assert.Equal(StoreFailure.Unavailable, error.Failure);
        Assert.True(video.Memory.Span.SequenceEqual(RemoteDataset.Video(0)));
    }

    [Fact]
    public async Task ReadVideoAsync_OfAShardThatChangedBeforeItWasFetched_FailsAsChanged()
    {
        RemoteDataset remote = await RemoteDataset.UploadAsync(azurite, _cancellation);
        await using var proxy = new FaultProxy(azurite.Server.BlobEndpoint, FaultPlan.RoughDay);
        Dataset dataset = await OpenAsync(remote, proxy);
        SampleRef cached = await dataset.GetAsync(0, _cancellation);
        SampleRef changed = await dataset.GetAsync(RemoteDataset.Samples - 1, _cancellation);
        (await dataset.ReadVideoAsync(cached, _cancellation)).Dispose();

        BlobClient blob = remote.Container.GetBlobClient(changed.Shard.Name);
        byte[] other = (await blob.DownloadContentAsync(_cancellation)).Value.Content.ToArray();
        other[^2000] ^= 1;
        await blob.UploadAsync(BinaryData.FromBytes(other), overwrite: true, _cancellation);

        var error = await Assert.ThrowsAsync<StoreException>(
            () => dataset.ReadVideoAsync(changed, _cancellation).AsTask().WithinDeadline(proxy.ToString));
        Assert.Equal(StoreFailure.Changed, error.Failure);
        Assert.Contains(changed.Shard.Name, error.Message, StringComparison.Ordinal);
        (await dataset.ReadVideoAsync(cached, _cancellation)).Dispose();
    }

    [Fact]
    public async Task ReadVideoAsync_WhereTheDiskSpoiledACopy_FetchesItAgain()
    {
        RemoteDataset remote = await RemoteDataset.UploadAsync(azurite, _cancellation);
        await using var proxy = new FaultProxy(azurite.Server.BlobEndpoint);
        await ReadPassAsync(await OpenAsync(remote, proxy), [0, 1, 2]);
        string? copy;
        while ((copy = Directory.EnumerateFiles(_folder.Path, "*.shard").FirstOrDefault()) is null)
        {
            await Task.Delay(10, _cancellation);
        }

        await _cache!.DisposeAsync();
        byte[] bytes = await File.ReadAllBytesAsync(copy, _cancellation);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(copy, bytes, _cancellation);

        await ReadPassAsync(await OpenAsync(remote, proxy), [0, 1, 2]);

        Assert.Equal(1, _metrics.HashFailures.Value);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cache is not null)
        {
            await _cache.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static FaultPlan Always(Fault fault) => new() { Rates = new Dictionary<Fault, double> { [fault] = 1 } };

    /// <summary>Shards get their names meanwhile: one that is listed under its old name counts under its new one, or not at all.</summary>
    private static long BytesOf(string folder) =>
        Directory.GetFiles(folder).Select(path => new FileInfo(path)).Where(file => file.Exists).Sum(file => file.Length);

    /// <summary>Every sample of the shards, a few at once, the shards expected in their order.</summary>
    private async Task ReadPassAsync(Dataset dataset, int[] shards)
    {
        int each = RemoteDataset.Samples / RemoteDataset.Shards;
        for (int i = 0; i < shards.Length; i++)
        {
            dataset.Expect(shards[i..Math.Min(i + 2, shards.Length)]);
            await Parallel.ForEachAsync(
                Enumerable.Range(shards[i] * each, each),
                new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = _cancellation },
                async (ordinal, stop) =>
                {
                    using IMemoryOwner<byte> video = await dataset.ReadVideoAsync(await dataset.GetAsync(ordinal, stop), stop);
                    Assert.True(video.Memory.Span.SequenceEqual(RemoteDataset.Video(ordinal)), $"Sample {ordinal} has wrong bytes.");
                });
        }
    }

    private Task<Dataset> OpenAsync(RemoteDataset remote, FaultProxy proxy, int tries = 10)
    {
        var options = new StoreOptions
        {
            Credentials = AzureCredentials.SecretFile(azurite.SecretFile),
            Ranges = new RangeOptions
            {
                RangeBytes = 1 << 20, StallTimeout = TimeSpan.FromSeconds(1), FirstDelay = TimeSpan.FromMilliseconds(20), Tries = tries,
            },
            Metrics = _metrics,
        };
        IBlobStore store = BlobStore.Open(proxy.Through(azurite.Server.ContainerUri(remote.Container.Name)).AbsoluteUri, options);
        long limit = ShardsAtHand * remote.Index.Shards.Max(shard => shard.Bytes);
        _cache = ShardCache.Open(new ShardCacheOptions { Folder = _folder.Path, LimitBytes = limit, DirectReadBytes = 0, Metrics = _metrics });
        var datasetOptions = new DatasetOptions { ExpectedDigest = remote.Digest, Cache = _cache, Metrics = _metrics };
        return Dataset.OpenAsync(store, RemoteDataset.Split, datasetOptions, _cancellation);
    }
}
