using System.Net;
using System.Net.Sockets;
using Azure.Storage.Blobs;
using Ppma.Testing;
using Ppma.Testing.Faults;

namespace Ppma.Integration.Tests.Faults;

/// <summary>The proxy does what its plan says, as a plain HTTP client sees it: else the other tests here would prove nothing.</summary>
public sealed class FaultProxyTests(AzuriteFixture azurite) : IDisposable
{
    private const int BlobBytes = 300_000;

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private readonly byte[] _content = RandomBytes.Of(BlobBytes);
    private readonly HttpClient _http = new();

    [Fact]
    public async Task Read_WithoutFaults_PassesBytesRangesAndSignatures()
    {
        BlobContainerClient container = await UploadAsync("plain");
        await using var proxy = new FaultProxy(azurite.Server.BlobEndpoint);
        var through = new BlobContainerClient(
            AzuriteServer.ConnectionStringAt(proxy.Through(azurite.Server.BlobEndpoint)), container.Name);

        byte[] whole = (await through.GetBlobClient("blob").DownloadContentAsync(_cancellation)).Value.Content.ToArray();
        byte[] part = await _http.GetByteArrayAsync(BlobUri(proxy, container.Name), _cancellation);
        await through.UploadBlobAsync("second", BinaryData.FromBytes(_content), _cancellation);
        var names = await through.GetBlobsAsync(cancellationToken: _cancellation).Select(blob => blob.Name).ToListAsync(_cancellation);

        Assert.Equal(_content, whole);
        Assert.Equal(_content, part);
        Assert.Equal(["blob", "second"], names);
        Assert.Equal(2, proxy.Reads);
    }

    [Theory]
    [InlineData(Fault.Unavailable, false)]
    [InlineData(Fault.UnavailableRetryAfter, true)]
    public async Task Read_Unavailable_Answers503(Fault fault, bool retryAfter)
    {
        await using FaultProxy proxy = await AlwaysAsync(fault);

        using HttpResponseMessage answer = await GetAsync(proxy, fault);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(retryAfter ? TimeSpan.FromSeconds(1) : null, answer.Headers.RetryAfter?.Delta);
        Assert.Equal(1, proxy.Count(fault));
    }

    [Fact]
    public async Task Read_Truncated_EndsBeforeItsLength()
    {
        await using FaultProxy proxy = await AlwaysAsync(Fault.Truncate);

        using HttpResponseMessage answer = await GetAsync(proxy, Fault.Truncate);

        Assert.Equal(BlobBytes, answer.Content.Headers.ContentLength);
        var error = await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer.Content.ReadAsByteArrayAsync(_cancellation));
        Assert.Equal(HttpRequestError.ResponseEnded, (error.InnerException as HttpIOException)?.HttpRequestError);
    }

    [Fact]
    public async Task Read_Reset_EndsWithAResetConnection()
    {
        await using FaultProxy proxy = await AlwaysAsync(Fault.Reset);

        var error = await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            using HttpResponseMessage answer = await GetAsync(proxy, Fault.Reset);
            await answer.Content.ReadAsByteArrayAsync(_cancellation);
        });

        var socketError = Assert.IsType<SocketException>(error.GetBaseException());
        Assert.Equal(SocketError.ConnectionReset, socketError.SocketErrorCode);
    }

    [Fact]
    public async Task Read_Stalled_NeitherGoesOnNorEnds()
    {
        await using FaultProxy proxy = await AlwaysAsync(Fault.Stall);
        using HttpResponseMessage answer = await GetAsync(proxy, Fault.Stall);
        await using Stream body = await answer.Content.ReadAsStreamAsync(_cancellation);
        byte[] buffer = new byte[BlobBytes];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);

        Task<int> reading = body.ReadAtLeastAsync(buffer, BlobBytes, throwOnEndOfStream: false, patience.Token).AsTask();

        Assert.NotSame(reading, await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(1), _cancellation)));
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task Read_WithAFlippedByte_DiffersInOnePlace()
    {
        await using FaultProxy proxy = await AlwaysAsync(Fault.FlippedByte);

        using HttpResponseMessage answer = await GetAsync(proxy, Fault.FlippedByte);

        byte[] read = await answer.Content.ReadAsByteArrayAsync(_cancellation);
        Assert.Equal(1, _content.Zip(read).Count(pair => pair.First != pair.Second));
    }

    [Fact]
    public async Task Read_WithAWrongETag_HasTheRightBytes()
    {
        await using FaultProxy proxy = await AlwaysAsync(Fault.WrongETag);

        using HttpResponseMessage answer = await GetAsync(proxy, Fault.WrongETag);

        Assert.Equal("\"0x8D0000000000000\"", answer.Headers.ETag?.Tag);
        Assert.Equal(_content, await answer.Content.ReadAsByteArrayAsync(_cancellation));
    }

    [Fact]
    public void Draw_OfManyRanges_HitsTheShareOfThePlan()
    {
        var counts = Enumerable.Range(0, 100_000)
            .Select(range => FaultPlan.RoughDay.Draw("/account/container/shard", $"{range}", 0).Fault)
            .CountBy(fault => fault)
            .ToDictionary();

        foreach ((Fault fault, double rate) in FaultPlan.RoughDay.Rates)
        {
            Assert.InRange(counts[fault] / 100_000.0, rate * 0.9, rate * 1.1);
        }
    }

    [Fact]
    public void Draw_BeyondTheHitsOfARange_IsWithoutFault()
    {
        var plan = new FaultPlan { Rates = new Dictionary<Fault, double> { [Fault.Truncate] = 1 }, HitsPerRange = 2 };

        var faults = Enumerable.Range(0, 4).Select(repeat => plan.Draw("blob", "9", repeat).Fault);

        Assert.Equal([Fault.Truncate, Fault.Truncate, Fault.None, Fault.None], faults);
    }

    public void Dispose() => _http.Dispose();

    private async Task<FaultProxy> AlwaysAsync(Fault fault)
    {
        await UploadAsync($"always-{fault}");
        return new FaultProxy(azurite.Server.BlobEndpoint, new FaultPlan { Rates = new Dictionary<Fault, double> { [fault] = 1 } });
    }

    private async Task<BlobContainerClient> UploadAsync(string test)
    {
        BlobContainerClient container = await azurite.CreateContainerAsync(test);
        await container.UploadBlobAsync("blob", BinaryData.FromBytes(_content), _cancellation);
        return container;
    }

    private Task<HttpResponseMessage> GetAsync(FaultProxy proxy, Fault fault)
    {
        Uri blob = BlobUri(proxy, AzuriteFixture.ContainerName($"always-{fault}"));
        return _http.GetAsync(blob, HttpCompletionOption.ResponseHeadersRead, _cancellation);
    }

    private Uri BlobUri(FaultProxy proxy, string container)
    {
        var uri = new UriBuilder(proxy.Through(azurite.Server.SasUri(container)));
        uri.Path += "/blob";
        return uri.Uri;
    }
}
