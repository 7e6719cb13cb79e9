using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Azure;
using Azure.Identity;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Ranges;

namespace Ppma.Datasets.Stores;

/// <summary>Turns what went wrong between here and Azure into one of our failures, or into one more try.</summary>
internal static class AzureFailure
{
    /// <summary>Explains an answer that is no success, or an exception of the SDK; null when it is neither.</summary>
    public static Exception? Explain(Exception problem, string address, AzureCredentials credentials) => problem switch
    {
        StoreException or TransientRangeException => null,
        RequestFailedException { Status: > 0 } refused when refused.GetRawResponse() is { } answer => Explain(answer, address, credentials),
        RequestFailedException { Status: > 0 } refused => Explain(refused.Status, refused.ErrorCode, requestId: null, retryAfter: null, address, credentials),
        AuthenticationFailedException denied => ExplainIdentity(denied, address, credentials),
        AggregateException tries when tries.InnerExceptions.Count > 0 => Explain(tries.InnerExceptions[^1], address, credentials),
        _ when FindNoHost(problem) is { } unknown => new StoreException(
            StoreFailure.Unavailable, address, "there is no host of this name", "Check the account in the URI, and this machine's DNS", unknown),
        RequestFailedException or HttpRequestException or IOException or SocketException => new TransientRangeException(
            RetryReason.Connection, $"no connection, or it broke ({Innermost(problem).Message})", innerException: problem),
        OperationCanceledException => new TransientRangeException(RetryReason.Stalled, "no answer came in time"),
        _ => null,
    };

    /// <summary>Explains an answer that is no success. Its body is not read: the cause is in the headers.</summary>
    public static Exception Explain(Response answer, string address, AzureCredentials credentials)
    {
        answer.Headers.TryGetValue("x-ms-error-code", out string? code);
        TimeSpan? retryAfter = answer.Headers.TryGetValue("Retry-After", out string? asked) ? RetryAfter(asked, answer.Headers.Date) : null;
        return Explain(answer.Status, code, answer.Headers.RequestId, retryAfter, address, credentials);
    }

    private static Exception Explain(int status, string? code, string? requestId, TimeSpan? retryAfter, string address, AzureCredentials credentials)
    {
        // Azure's support asks for the request's id.
        string said = $"status {status}{(code is null ? "" : " " + code)}{(requestId is null ? "" : $", request {requestId}")}";
        return (HttpStatusCode)status switch
        {
            HttpStatusCode.NotFound when code == "ContainerNotFound" => new StoreException(
                StoreFailure.NotFound, address, $"there is no such container ({said})", "Check the URI"),
            HttpStatusCode.NotFound => new StoreException(
                StoreFailure.NotFound, address, $"there is no such blob ({said})", "Check the data set's URI, or upload the data set again"),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new StoreException(
                StoreFailure.PermissionDenied, address, $"the service refuses {credentials} ({said})", credentials.Advice),
            HttpStatusCode.Conflict when code is "BlobArchived" or "BlobBeingRehydrated" => new StoreException(
                StoreFailure.Unavailable, address, $"the blob is in the archive tier ({said})", "Move it to the hot tier and wait until that is done"),
            HttpStatusCode.Conflict when code == "BlobAlreadyExists" => AlreadyExists(address),
            HttpStatusCode.PreconditionFailed => new StoreException(
                StoreFailure.Changed, address, $"the data set changed under the run ({said})", "Do not write to a data set that is in use; run again with its new digest"),
            HttpStatusCode.RequestedRangeNotSatisfiable => new StoreException(
                StoreFailure.ShortRead, address, $"the blob ends before the bytes that were asked for ({said})", "Upload the blob again from its source, or index the data set again"),
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => new TransientRangeException(
                RetryReason.Throttled, $"the service asks to come back later ({said})", retryAfter),
            HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => new TransientRangeException(
                RetryReason.Server, $"the service failed ({said})", retryAfter),
            _ => new StoreException(
                StoreFailure.Unavailable, address, $"the service does not accept the request ({said})", "Check that the URI is of blob storage, and that nothing between here and there changes requests"),
        };
    }

    public static StoreException Changed(string address, string pinned, string found) => new(
        StoreFailure.Changed, address, $"the data set changed under the run: version {pinned} is read, and {found} is there",
        "Do not write to a data set that is in use; run again with its new digest");

    public static StoreException AlreadyExists(string address) => new(
        StoreFailure.AlreadyExists, address, "there is such a blob already", "Choose another folder, or overwrite it");

    /// <summary>Seconds, or a date (then by the server's own clock, when it says).</summary>
    private static TimeSpan? RetryAfter(string asked, DateTimeOffset? serverDate) =>
        int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? TimeSpan.FromSeconds(seconds)
        : serverDate is { } now && DateTimeOffset.TryParse(asked, CultureInfo.InvariantCulture, out DateTimeOffset then) && then > now ? then - now
        : null;

    private static Exception ExplainIdentity(AuthenticationFailedException denied, string address, AzureCredentials credentials)
    {
        for (Exception? cause = denied.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpRequestException or SocketException or RequestFailedException { Status: 0 or 408 or 429 or >= 500 })
            {
                return new TransientRangeException(RetryReason.Connection, $"no token for {credentials} ({cause.Message})", innerException: denied);
            }
        }

        string reason = denied.Message.Split('\n')[0].Trim().TrimEnd('.');
        return new StoreException(StoreFailure.PermissionDenied, address, $"there is no token for {credentials} ({reason})", credentials.Advice, denied);
    }

    /// <summary>That a name does not exist is an answer, unlike a name server that does not answer.</summary>
    private static SocketException? FindNoHost(Exception problem) =>
        Innermost(problem) is SocketException { SocketErrorCode: SocketError.HostNotFound } unknown ? unknown : null;

    private static Exception Innermost(Exception problem)
    {
        while (problem.InnerException is { } inner)
        {
            problem = inner;
        }

        return problem;
    }
}
