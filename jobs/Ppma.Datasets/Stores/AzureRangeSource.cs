using System.Globalization;
using System.Text.RegularExpressions;
using Azure;
using Azure.Core;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Ranges;

namespace Ppma.Datasets.Stores;

/// <summary>One GET a range. Also one HEAD for a blob's facts, which has the same headers.</summary>
internal sealed partial class AzureRangeSource(AzureConnection connection) : IRangeSource
{
    // The oldest version that knows all that is used here; older emulators refuse newer ones.
    private const string ServiceVersion = "2021-12-02";

    // A few headers; the body of a range is watched by its reader instead.
    private static readonly TimeSpan HeadTimeout = TimeSpan.FromSeconds(10);

    public string Locate(string name) => connection.Location.AddressOf(name).AbsoluteUri;

    public async ValueTask<RangeBody> OpenAsync(string name, long offset, long length, string eTag, CancellationToken cancellationToken) =>
        await connection.RunAsync(Locate(name), (client, stop) => GetAsync(client, name, offset, length, eTag, stop), cancellationToken);

    /// <summary>Size and version of a blob, in one request.</summary>
    public Task<BlobFacts> GetFactsAsync(string name, string? eTag, CancellationToken cancellationToken) =>
        connection.RunAsync(Locate(name), (client, stop) => HeadAsync(client, name, eTag, stop), cancellationToken);

    private async Task<RangeBody> GetAsync(AzureClient client, string name, long offset, long length, string eTag, CancellationToken cancellationToken)
    {
        HttpMessage message = CreateMessage(client, RequestMethod.Get, name, eTag);
        try
        {
            // The reader gives up a stalled body itself; a time-out here would cost an allocation for every read of it.
            message.NetworkTimeout = Timeout.InfiniteTimeSpan;
            message.BufferResponse = false;
            message.Request.Headers.Add("x-ms-range", string.Create(CultureInfo.InvariantCulture, $"bytes={offset}-{offset + length - 1}"));
            await client.Pipeline.SendAsync(message, cancellationToken);
            if (message.Response.IsError)
            {
                throw await ExplainAsync(client, message.Response, name, eTag, cancellationToken);
            }

            long totalLength = TotalLength(message.Response, name, offset);
            return new RangeBody(message.Response.ContentStream ?? Stream.Null, ETagOf(message.Response, name), totalLength, message);
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    private async Task<BlobFacts> HeadAsync(AzureClient client, string name, string? eTag, CancellationToken cancellationToken)
    {
        using HttpMessage message = CreateMessage(client, RequestMethod.Head, name, eTag);
        message.NetworkTimeout = HeadTimeout;
        await client.Pipeline.SendAsync(message, cancellationToken);
        return message.Response.IsError
            ? throw await ExplainAsync(client, message.Response, name, eTag, cancellationToken)
            : new BlobFacts(name, message.Response.Headers.ContentLengthLong ?? 0, ETagOf(message.Response, name));
    }

    private HttpMessage CreateMessage(AzureClient client, RequestMethod method, string name, string? eTag)
    {
        HttpMessage message = client.Pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(connection.Location.AddressOf(name));
        message.Request.Headers.Add("x-ms-version", ServiceVersion);
        if (eTag is not null)
        {
            message.Request.Headers.Add("If-Match", AzureETag.Quote(eTag));
        }

        return message;
    }

    /// <summary>For a version that is gone, also asks which is there now: who looks for the cause wants to know.</summary>
    private async Task<Exception> ExplainAsync(AzureClient client, Response answer, string name, string? eTag, CancellationToken cancellationToken)
    {
        Exception explained = AzureFailure.Explain(answer, Locate(name), connection.Credentials);
        if (explained is not StoreException { Failure: StoreFailure.Changed } || eTag is null)
        {
            return explained;
        }

        using HttpMessage message = CreateMessage(client, RequestMethod.Head, name, eTag: null);
        string found = "another";
        try
        {
            await client.Pipeline.SendAsync(message, cancellationToken);
            if (!message.Response.IsError)
            {
                message.Response.Headers.TryGetValue("Last-Modified", out string? written);
                found = $"{ETagOf(message.Response, name)}, written {written}";
            }
        }
        catch (Exception problem) when (problem is RequestFailedException or IOException or OperationCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            // It stays unknown.
        }

        return AzureFailure.Changed(Locate(name), eTag, found);
    }

    /// <summary>The version. Versions are what makes the ranges of one read belong together.</summary>
    private string ETagOf(Response answer, string name) =>
        answer.Headers.TryGetValue("ETag", out string? eTag)
            ? AzureETag.Bare(eTag)
            : throw new StoreException(
                StoreFailure.UnsupportedUri, Locate(name), "the service answers without an ETag", "Check that the URI is of blob storage");

    /// <summary>Bytes of the whole blob; the answer must begin at the asked offset.</summary>
    private long TotalLength(Response answer, string name, long offset)
    {
        if (answer.Status == 200 && offset == 0 && answer.Headers.ContentLengthLong is { } whole)
        {
            return whole;
        }

        if (answer.Status != 206)
        {
            throw new StoreException(
                StoreFailure.UnsupportedUri, Locate(name), $"the service answers a range with status {answer.Status}", "Check that the URI is of blob storage");
        }

        // An emulator answers a range beyond the end with one that runs backwards, where the service says 416; the blob's length is true.
        answer.Headers.TryGetValue("Content-Range", out string? range);
        return ContentRange().Match(range ?? "") is { Success: true } match
            && long.TryParse(match.Groups["total"].ValueSpan, CultureInfo.InvariantCulture, out long total)
            && (total <= offset || match.Groups["start"].Value == offset.ToString(CultureInfo.InvariantCulture))
            ? total
            : throw new TransientRangeException(RetryReason.Version, $"bytes from {offset} on were asked for, and '{range}' answered");
    }

    [GeneratedRegex("^bytes (?<start>[0-9]+)-[0-9]+/(?<total>[0-9]+)$")]
    private static partial Regex ContentRange();
}
