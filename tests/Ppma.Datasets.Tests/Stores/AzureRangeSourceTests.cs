using System.Net.Sockets;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Ranges;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Tests.Stores;

public sealed class AzureRangeSourceTests : IDisposable
{
    private const string Secret = "sv=2024&sig=s3cret";

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_Range_AsksOnceForThatVersion()
    {
        var service = new ScriptedHttp(_ => Content("cde", "bytes 2-4/9"));

        await using RangeBody body = await Source(service).OpenAsync("uk 400/50%.tar", 2, 3, "0x1", Cancellation);

        Assert.Equal("/sets/a%20b/uk%20400/50%25.tar", Assert.Single(service.Addresses).AbsolutePath);
        Assert.Equal(("bytes=2-4", "\"0x1\""), (service.Headers[0]["x-ms-range"], service.Headers[0]["If-Match"]));
        Assert.Equal(("0x1", 9), (body.ETag, body.TotalLength));
        Assert.Equal("cde", await new StreamReader(body.Content).ReadToEndAsync(Cancellation));
    }

    [Theory]
    [InlineData(404, "BlobNotFound", StoreFailure.NotFound, "there is no such blob (status 404 BlobNotFound, request r1)")]
    [InlineData(404, "ContainerNotFound", StoreFailure.NotFound, "there is no such container")]
    [InlineData(401, "InvalidAuthenticationInfo", StoreFailure.PermissionDenied, "the service refuses SecretFile(")]
    [InlineData(403, "AuthorizationPermissionMismatch", StoreFailure.PermissionDenied, "Put a secret that allows it, and has not expired, into ")]
    [InlineData(409, "BlobArchived", StoreFailure.Unavailable, "archive tier")]
    [InlineData(416, "InvalidRange", StoreFailure.ShortRead, "the blob ends before the bytes")]
    [InlineData(400, "InvalidHeaderValue", StoreFailure.Unavailable, "does not accept the request (status 400 InvalidHeaderValue")]
    [InlineData(302, "", StoreFailure.UnsupportedUri, "answers a range with status 302")]
    public async Task Open_Refused_IsFinal(int status, string code, StoreFailure failure, string says)
    {
        var service = new ScriptedHttp(_ => ScriptedHttp.Answer(status, "s3cret", $"x-ms-error-code: {code}", "x-ms-request-id: r1"));

        var failed = await Assert.ThrowsAsync<StoreException>(async () => await Source(service).OpenAsync("a", 0, 3, "0x1", Cancellation));

        Assert.Equal(failure, failed.Failure);
        Assert.StartsWith("https://films.blob.core.windows.net/sets/a%20b/a: ", failed.Message, StringComparison.Ordinal);
        Assert.Contains(says, failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", failed.ToString(), StringComparison.Ordinal);
        Assert.Single(service.Addresses);
    }

    [Theory]
    [InlineData(503, RetryReason.Throttled)]
    [InlineData(429, RetryReason.Throttled)]
    [InlineData(500, RetryReason.Server)]
    [InlineData(504, RetryReason.Server)]
    [InlineData(408, RetryReason.Server)]
    public async Task Open_ServiceFails_IsTransientAndNotTriedBehindOurBack(int status, RetryReason reason)
    {
        var service = new ScriptedHttp(_ => ScriptedHttp.Answer(status, "", "Retry-After: 3"));

        var failed = await Assert.ThrowsAsync<TransientRangeException>(async () => await Source(service).OpenAsync("a", 0, 3, "0x1", Cancellation));

        Assert.Equal((reason, TimeSpan.FromSeconds(3)), (failed.Reason, failed.RetryAfter));
        Assert.Single(service.Addresses);
    }

    [Fact]
    public async Task Open_RetryAfterADate_IsCountedFromTheServersClock()
    {
        var service = new ScriptedHttp(_ => ScriptedHttp.Answer(
            503, "", "Date: Mon, 06 Jan 2020 10:00:00 GMT", "Retry-After: Mon, 06 Jan 2020 10:00:20 GMT"));

        var failed = await Assert.ThrowsAsync<TransientRangeException>(async () => await Source(service).OpenAsync("a", 0, 3, "0x1", Cancellation));

        Assert.Equal(TimeSpan.FromSeconds(20), failed.RetryAfter);
    }

    [Fact]
    public async Task Open_NoConnection_IsTransient()
    {
        var service = new ScriptedHttp(_ => throw new HttpRequestException("refused", new SocketException((int)SocketError.ConnectionRefused)));

        var failed = await Assert.ThrowsAsync<TransientRangeException>(async () => await Source(service).OpenAsync("a", 0, 3, "0x1", Cancellation));

        Assert.Equal(RetryReason.Connection, failed.Reason);
    }

    [Fact]
    public async Task Open_NoSuchHost_IsFinal()
    {
        var service = new ScriptedHttp(_ => throw new HttpRequestException("unknown", new SocketException((int)SocketError.HostNotFound)));

        var failed = await Assert.ThrowsAsync<StoreException>(async () => await Source(service).OpenAsync("a", 0, 3, "0x1", Cancellation));

        Assert.Contains("there is no host of this name. Check the account in the URI", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_BlobWasReplaced_NamesBothVersions()
    {
        var service = new ScriptedHttp(request => request.Method == HttpMethod.Head
            ? ScriptedHttp.Answer(200, "", "ETag: \"0x2\"", "Last-Modified: Mon, 06 Jan 2020 10:00:00 GMT")
            : ScriptedHttp.Answer(412, "", "x-ms-error-code: ConditionNotMet"));

        var failed = await Assert.ThrowsAsync<StoreException>(async () => await Source(service).OpenAsync("a", 0, 3, "0x1", Cancellation));

        Assert.Equal(StoreFailure.Changed, failed.Failure);
        Assert.Equal(
            "https://films.blob.core.windows.net/sets/a%20b/a: the data set changed under the run: version 0x1 is read, and 0x2, "
            + "written Mon, 06 Jan 2020 10:00:00 GMT is there. Do not write to a data set that is in use; run again with its new digest.",
            failed.Message);
    }

    [Fact]
    public async Task Open_AnswerFromAnotherPlace_IsAskedForAgain()
    {
        var service = new ScriptedHttp(_ => Content("abc", "bytes 0-2/9"));

        var failed = await Assert.ThrowsAsync<TransientRangeException>(async () => await Source(service).OpenAsync("a", 2, 3, "0x1", Cancellation));

        Assert.Equal("bytes from 2 on were asked for, and 'bytes 0-2/9' answered", failed.Message);
    }

    [Fact]
    public async Task Open_NoETag_IsNoBlobStorage()
    {
        var service = new ScriptedHttp(_ => ScriptedHttp.Answer(206, "abc", "Content-Range: bytes 0-2/9"));

        var failed = await Assert.ThrowsAsync<StoreException>(async () => await Source(service).OpenAsync("a", 0, 3, "0x1", Cancellation));

        Assert.Contains("answers without an ETag", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_TokenWasRotated_GoesOnWithTheNewOne()
    {
        string valid = "s3cret";
        var service = new ScriptedHttp(request => request.RequestUri!.Query.EndsWith($"sig={valid}", StringComparison.Ordinal)
            ? Content("abc", "bytes 0-2/9")
            : ScriptedHttp.Answer(403, ""));
        AzureRangeSource source = Source(service);
        await using RangeBody before = await source.OpenAsync("a", 0, 3, "0x1", Cancellation);

        valid = "n3w";
        File.WriteAllText(_folder["secret"], "?sv=2024&sig=n3w");
        await using RangeBody after = await source.OpenAsync("a", 0, 3, "0x1", Cancellation);
        await using RangeBody later = await source.OpenAsync("a", 0, 3, "0x1", Cancellation);

        Assert.Equal(["s3cret", "s3cret", "n3w", "n3w"], service.Addresses.Select(address => address.Query.Split("sig=")[1]));
    }

    [Fact]
    public async Task Open_RefusedSecretOfAName_IsCalledByIt()
    {
        var service = new ScriptedHttp(_ => ScriptedHttp.Answer(403, "", "x-ms-error-code: AuthenticationFailed"));

        var failed = await Assert.ThrowsAsync<StoreException>(async () => await Source(service, "Secret 'storage', key 'sas'").OpenAsync("a", 0, 3, "0x1", Cancellation));

        Assert.Contains("the service refuses Secret 'storage', key 'sas' (status 403", failed.Message, StringComparison.Ordinal);
        Assert.Contains("into Secret 'storage', key 'sas'", failed.Message, StringComparison.Ordinal);
    }

    private static HttpResponseMessage Content(string content, string range) =>
        ScriptedHttp.Answer(206, content, "ETag: \"0x1\"", $"Content-Range: {range}");

    private AzureRangeSource Source(ScriptedHttp service, string? name = null)
    {
        File.WriteAllText(_folder["secret"], Secret);
        AzureLocation location = AzureLocation.Parse(new Uri("https://films.blob.core.windows.net/sets/a%20b"));
        return new AzureRangeSource(new AzureConnection(location, AzureCredentials.SecretFile(_folder["secret"], name), service.Transport));
    }
}
