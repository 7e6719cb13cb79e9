using System.Globalization;
using System.Net;

namespace Ppma.Controllers.Requests;

/// <summary>Answers that are refusals, and what stands for an answer where none came.</summary>
internal static class ApiErrors
{
    /// <summary>Enough for any Status; a proxy's page may be longer.</summary>
    private const int MaxBytes = 64 << 10;

    private const int MaxQuotedCharacters = 200;

    public static ApiException NoAnswer(ApiRequest request, Exception cause) =>
        new(code: null, "", $"{request}: no answer from the API server: {Innermost(cause).Message}", cause);

    public static ApiException TimedOut(ApiRequest request, TimeSpan timeout, Exception cause) =>
        new(code: null, "Timeout", string.Create(CultureInfo.InvariantCulture, $"{request}: no answer from the API server within {timeout.TotalSeconds:0.###} s"), cause);

    public static ApiException Unreadable(ApiRequest request, string problem, Exception? cause = null) =>
        new(code: null, "", $"{request}: the answer cannot be read: {problem}", cause);

    /// <summary>Reads the Status object of a refusal.</summary>
    public static async Task<ApiException> ReadAsync(ApiRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] body = await ReadBodyAsync(response, cancellationToken);
        TimeSpan? retryAfter = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } when response.Headers.Date is { } now && date > now => date - now,
            _ => null,
        };
        return FailureStatus.TryRead(body) is { } status
            ? Refusal(request, response.StatusCode, status, retryAfter)
            : new ApiException(response.StatusCode, "", $"{request}: {Describe(response, body)}") { RetryAfter = retryAfter };
    }

    /// <summary>A Status object as the exception it stands for.</summary>
    public static ApiException Refusal(ApiRequest request, HttpStatusCode code, FailureStatus status, TimeSpan? retryAfter = null) =>
        new(code, status.Reason ?? "", string.IsNullOrEmpty(status.Message) ? $"{request}: {(int)code} {status.Reason}" : status.Message)
        {
            Causes = [.. (status.Details?.Causes ?? []).Select(cause => string.IsNullOrEmpty(cause.Field) ? cause.Message ?? "" : $"{cause.Field}: {cause.Message}")],
            RetryAfter = retryAfter ?? (status.Details?.RetryAfterSeconds is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null),
        };

    private static string Describe(HttpResponseMessage response, byte[] body)
    {
        string text = System.Text.Encoding.UTF8.GetString(body).Trim();
        string quoted = text.Length <= MaxQuotedCharacters ? text : text[..MaxQuotedCharacters] + "…";
        return response.StatusCode == HttpStatusCode.NotFound
            ? $"404: the API server knows no such kind; is its CustomResourceDefinition installed? ({quoted})"
            : $"{(int)response.StatusCode} {response.ReasonPhrase}: {quoted}";
    }

    private static async Task<byte[]> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[MaxBytes];
        int length = await stream.ReadAtLeastAsync(buffer, MaxBytes, throwOnEndOfStream: false, cancellationToken);
        return buffer[..length];
    }

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;
}
