using System.Buffers;
using Ppma.Datasets;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Ranges;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;
using Ppma.Testing.Faults;

namespace Ppma.Integration.Tests.Faults;

/// <summary>Samples of a data set through a network that fails or lies: the hash finds wrong bytes, which are fetched once more.</summary>
public sealed class FaultyDatasetTests(AzuriteFixture azurite)
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private readonly StreamMetrics _metrics = new();

    [Fact]
    public async Task ReadVideoAsync_FlippedOnTheWay_IsReadAgain()
    {
        RemoteDataset remote = await RemoteDataset.UploadAsync(azurite, _cancellation);
        await using var proxy = new FaultProxy(azurite.Server.BlobEndpoint);
        Dataset dataset = await OpenAsync(remote, proxy);
        SampleRef sample = await dataset.GetAsync(7, _cancellation);
        proxy.Plan = AlwaysFlipped with { HitsPerRange = 1 };

        using IMemoryOwner<byte> video = await dataset.ReadVideoAsync(sample, _cancellation);

        Assert.True(video.Memory.Span.SequenceEqual(RemoteDataset.Video(7)));
        Assert.Equal((1, 1), (proxy.Count(Fault.FlippedByte), _metrics.HashFailures.Value));
        Assert.Equal(1, _metrics.Retries(RetryReason.Hash).Value);
    }

    [Fact]
    public async Task ReadVideoAsync_FlippedEachTime_NamesShardSampleAndBothHashes()
    {
        RemoteDataset remote = await RemoteDataset.UploadAsync(azurite, _cancellation);
        await using var proxy = new FaultProxy(azurite.Server.BlobEndpoint);
        Dataset dataset = await OpenAsync(remote, proxy);
        SampleRef sample = await dataset.GetAsync(7, _cancellation);
        proxy.Plan = AlwaysFlipped;

        var error = await Assert.ThrowsAsync<DatasetFormatException>(async () => await dataset.ReadVideoAsync(sample, _cancellation));

        Assert.Equal(DatasetFault.HashMismatch, error.Fault);
        Assert.Contains(sample.Shard.Name, error.Message, StringComparison.Ordinal);
        Assert.Contains(sample.Record.Key, error.Message, StringComparison.Ordinal);
        Assert.Contains($"{sample.Record.Hash:x16}", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, proxy.Count(Fault.FlippedByte));
    }

    [Fact]
    public async Task GetAsync_OffsetsFlippedOnTheWay_AreReadAgain()
    {
        RemoteDataset remote = await RemoteDataset.UploadAsync(azurite, _cancellation);
        await using var proxy = new FaultProxy(azurite.Server.BlobEndpoint);
        Dataset dataset = await OpenAsync(remote, proxy);
        proxy.Plan = AlwaysFlipped with { HitsPerRange = 1 };

        SampleRef sample = await dataset.GetAsync(7, _cancellation);

        Assert.Equal("000007", sample.Record.Key);
        Assert.Equal(1, proxy.Count(Fault.FlippedByte));
        Assert.Equal(1, _metrics.HashFailures.Value);
    }

    [Fact]
    public async Task OpenAsync_IndexFlippedOnTheWay_IsReadAgain()
    {
        RemoteDataset remote = await RemoteDataset.UploadAsync(azurite, _cancellation);
        await using var proxy = new FaultProxy(azurite.Server.BlobEndpoint, AlwaysFlipped with { HitsPerRange = 1 });

        Dataset dataset = await OpenAsync(remote, proxy);

        Assert.Equal(remote.Digest, dataset.Digest);
        Assert.Equal(1, proxy.Count(Fault.FlippedByte));
    }

    [Fact]
    public async Task ReadVideoAsync_OfAShardThatChangesUnderTheRun_FailsAsChanged()
    {
        RemoteDataset remote = await RemoteDataset.UploadAsync(azurite, _cancellation);
        await using var proxy = new FaultProxy(azurite.Server.BlobEndpoint, FaultPlan.RoughDay);
        Dataset dataset = await OpenAsync(remote, proxy);
        SampleRef sample = await dataset.GetAsync(0, _cancellation);
        (await dataset.ReadVideoAsync(sample, _cancellation)).Dispose();

        var blob = remote.Container.GetBlobClient(sample.Shard.Name);
        BinaryData same = (await blob.DownloadContentAsync(_cancellation)).Value.Content;
        await blob.UploadAsync(same, overwrite: true, _cancellation);

        var error = await Assert.ThrowsAsync<StoreException>(async () => await dataset.ReadVideoAsync(sample, _cancellation));
        Assert.Equal(StoreFailure.Changed, error.Failure);
        Assert.Contains(sample.Shard.Name, error.Message, StringComparison.Ordinal);
    }

    private static FaultPlan AlwaysFlipped { get; } = new() { Rates = new Dictionary<Fault, double> { [Fault.FlippedByte] = 1 } };

    private Task<Dataset> OpenAsync(RemoteDataset remote, FaultProxy proxy)
    {
        var options = new StoreOptions
        {
            Credentials = AzureCredentials.SecretFile(azurite.SecretFile),
            Ranges = new RangeOptions { StallTimeout = TimeSpan.FromSeconds(1), FirstDelay = TimeSpan.FromMilliseconds(20) },
            Metrics = _metrics,
        };
        IBlobStore store = BlobStore.Open(proxy.Through(azurite.Server.ContainerUri(remote.Container.Name)).AbsoluteUri, options);
        return Dataset.OpenAsync(store, RemoteDataset.Split, new DatasetOptions { ExpectedDigest = remote.Digest, Metrics = _metrics }, _cancellation);
    }
}
