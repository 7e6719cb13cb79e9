using System.Runtime.CompilerServices;
using Azure.Storage.Blobs;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Ranges;
using Ppma.Datasets.Stores;
using Ppma.Testing.Faults;

namespace Ppma.Integration.Tests.Faults;

/// <summary>Reads of a blob through a network that fails: every byte right or an error that says what is wrong, and always an end.</summary>
public sealed class FaultyReadTests(AzuriteFixture azurite)
{
    private const int RangeBytes = 1 << 20;
    private const int Ranges = 16;
    private const string Shard = "shard-000.tar";

    /// <summary>Short, so that a stall costs a test little. One that is not meant is retried like one that is.</summary>
    private static readonly RangeOptions Quick = new()
    {
        RangeBytes = RangeBytes,
        StallTimeout = TimeSpan.FromSeconds(1),
        FirstDelay = TimeSpan.FromMilliseconds(20),
    };

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private readonly byte[] _content = RandomBytes.Of((Ranges * RangeBytes) - 12_345);
    private readonly StreamMetrics _metrics = new();
    private BlobContainerClient? _container;

    [Fact]
    public async Task CopyAsync_OnARoughDay_GivesEveryByte()
    {
        await using FaultProxy proxy = await UploadAsync(FaultPlan.RoughDay);
        IRangeStore store = Open(proxy);

        for (int pass = 0; pass < 25; pass++)
        {
            var sink = new MemorySink(_content.Length);
            await store.CopyAsync(Shard, 0, _content.Length, sink, _cancellation).AsTask().WithinDeadline(proxy.ToString);
            Assert.True(sink.Bytes.AsSpan().SequenceEqual(_content), $"Pass {pass} has wrong bytes. {proxy}");
        }

        Assert.All(FaultPlan.RoughDay.Rates.Keys, fault => Assert.True(proxy.Count(fault) > 0, $"{fault} was never injected."));
    }

    [Fact]
    public async Task ReadAsync_OfManyPiecesAtOnce_GivesEveryByte()
    {
        await using FaultProxy proxy = await UploadAsync(FaultPlan.RoughDay);
        IRangeStore store = Open(proxy);
        var random = new Random(7);
        var pieces = Enumerable.Range(0, 1000)
            .Select(_ => (Offset: random.Next(_content.Length), Length: random.Next(1, 200_000)))
            .Select(piece => (piece.Offset, Length: Math.Min(piece.Length, _content.Length - piece.Offset)));

        Task reading = Parallel.ForEachAsync(
            pieces,
            new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = _cancellation },
            async (piece, stop) =>
            {
                byte[] buffer = new byte[piece.Length];
                await store.ReadAsync(Shard, piece.Offset, buffer, stop);
                Assert.True(buffer.AsSpan().SequenceEqual(_content.AsSpan(piece.Offset, piece.Length)), $"{piece} has wrong bytes. {proxy}");
            });
        await reading.WithinDeadline(proxy.ToString);

        Assert.All(FaultPlan.RoughDay.Rates.Keys, fault => Assert.True(proxy.Count(fault) > 0, $"{fault} was never injected."));
    }

    [Theory]
    [InlineData(Fault.Unavailable, RetryReason.Throttled)]
    [InlineData(Fault.UnavailableRetryAfter, RetryReason.Throttled)]
    [InlineData(Fault.Stall, RetryReason.Stalled)]
    [InlineData(Fault.Truncate, RetryReason.Truncated)]
    [InlineData(Fault.Reset, RetryReason.Connection)]
    [InlineData(Fault.WrongETag, RetryReason.Version)]
    public async Task ReadAsync_AfterAFaultInEveryRange_GivesEveryByteAndCountsTheReason(Fault fault, RetryReason reason)
    {
        await using FaultProxy proxy = await UploadAsync(Always(fault) with { HitsPerRange = 1 }, fault);
        IRangeStore store = Open(proxy);
        byte[] buffer = new byte[_content.Length];

        await store.ReadAsync(Shard, 0, buffer, _cancellation).AsTask().WithinDeadline(proxy.ToString);

        Assert.True(buffer.AsSpan().SequenceEqual(_content), proxy.ToString());
        Assert.True(_metrics.Retries(reason).Value > 0, $"No retry was counted as {reason}. {proxy}");
    }

    [Theory]
    [InlineData(Fault.Unavailable, "503")]
    [InlineData(Fault.Stall, "no byte")]
    [InlineData(Fault.Reset, "connection")]
    public async Task ReadAsync_WhenAFaultStays_FailsWithPlaceTriesAndCause(Fault fault, string cause)
    {
        await using FaultProxy proxy = await UploadAsync(Always(fault), fault);
        IRangeStore store = Open(proxy, Quick with { Tries = 3, StallTimeout = TimeSpan.FromMilliseconds(200) });

        var error = await Assert.ThrowsAsync<StoreException>(
            () => store.ReadAsync(Shard, 0, new byte[1000], _cancellation).AsTask().WithinDeadline(proxy.ToString));

        Assert.Equal(StoreFailure.Unavailable, error.Failure);
        Assert.Contains(Shard, error.Message, StringComparison.Ordinal);
        Assert.Contains("tries", error.Message, StringComparison.Ordinal);
        Assert.Contains(cause, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task ReadAsync_WhenAnotherVersionKeepsAnswering_FailsAsChanged()
    {
        await using FaultProxy proxy = await UploadAsync(Always(Fault.WrongETag));
        IRangeStore store = Open(proxy, Quick with { Tries = 3 });

        var error = await Assert.ThrowsAsync<StoreException>(
            () => store.ReadAsync(Shard, 0, new byte[1000], _cancellation).AsTask().WithinDeadline(proxy.ToString));

        Assert.Equal(StoreFailure.Changed, error.Failure);
        Assert.Contains(Shard, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_OfABlobThatChangesUnderTheRun_FailsAsChangedAndStaysSo()
    {
        await using FaultProxy proxy = await UploadAsync(FaultPlan.RoughDay);
        IRangeStore store = Open(proxy);
        byte[] buffer = new byte[RangeBytes];
        await store.ReadAsync(Shard, 0, buffer, _cancellation);

        await _container!.GetBlobClient(Shard).UploadAsync(BinaryData.FromBytes(RandomBytes.Of(_content.Length, seed: 2)), overwrite: true, _cancellation);

        for (int read = 0; read < 3; read++)
        {
            var error = await Assert.ThrowsAsync<StoreException>(
                () => store.ReadAsync(Shard, 0, new byte[_content.Length], _cancellation).AsTask().WithinDeadline(proxy.ToString));
            Assert.Equal(StoreFailure.Changed, error.Failure);
            Assert.Contains(Shard, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ReadAsync_CancelledInAStall_Ends()
    {
        await using FaultProxy proxy = await UploadAsync(Always(Fault.Stall));
        IRangeStore store = Open(proxy, Quick with { StallTimeout = TimeSpan.FromMinutes(30) });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);

        Task reading = store.ReadAsync(Shard, 0, new byte[_content.Length], stop.Token).AsTask();
        while (proxy.Count(Fault.Stall) < 8)
        {
            await Task.Delay(10, _cancellation);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WithinDeadline(proxy.ToString));
    }

    private static FaultPlan Always(Fault fault) => new() { Rates = new Dictionary<Fault, double> { [fault] = 1 } };

    private IRangeStore Open(FaultProxy proxy, RangeOptions? ranges = null)
    {
        var options = new StoreOptions
        {
            Credentials = AzureCredentials.SecretFile(azurite.SecretFile),
            Ranges = ranges ?? Quick,
            Metrics = _metrics,
        };
        return Assert.IsType<IRangeStore>(BlobStore.Open(proxy.Through(azurite.Server.ContainerUri(_container!.Name)).AbsoluteUri, options), exactMatch: false);
    }

    private async Task<FaultProxy> UploadAsync(FaultPlan plan, Fault? fault = null, [CallerMemberName] string test = "")
    {
        _container = await azurite.CreateContainerAsync($"{test}{fault}");
        await _container.UploadBlobAsync(Shard, BinaryData.FromBytes(_content), _cancellation);
        return new FaultProxy(azurite.Server.BlobEndpoint, plan);
    }
}
