using System.Net;

namespace Ppma.Controllers.Requests;

/// <summary>The API server said no, or nothing.</summary>
public sealed class ApiException : Exception
{
    public ApiException(HttpStatusCode? code, string reason, string message, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Reason = reason;
    }

    /// <summary>HTTP status; null when there was no answer at all.</summary>
    public HttpStatusCode? Code { get; }

    /// <summary>The reason of the server's Status object, such as <c>AlreadyExists</c>, <c>Conflict</c>, <c>Invalid</c>, <c>Forbidden</c>, <c>Expired</c>.</summary>
    public string Reason { get; }

    /// <summary>The fields that are wrong, where the server names them: <c>spec.template: Required value</c>.</summary>
    public IReadOnlyList<string> Causes { get; init; } = [];

    /// <summary>How long the server asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool NotFound => Code == HttpStatusCode.NotFound;

    public bool AlreadyExists => Reason == "AlreadyExists";

    public bool Conflict => Code == HttpStatusCode.Conflict && !AlreadyExists;

    /// <summary>The version that was asked for is no longer kept.</summary>
    public bool Expired => Code == HttpStatusCode.Gone;

    /// <summary>A ResourceQuota has no room, or is not counted yet: both pass. The server says so only in words.</summary>
    public bool QuotaExceeded =>
        Code == HttpStatusCode.Forbidden
        && (Message.Contains("exceeded quota:", StringComparison.Ordinal) || Message.Contains("status unknown for quota:", StringComparison.Ordinal));

    /// <summary>The object itself is refused, and would be again: 400, 403, 422. Not a lack of quota.</summary>
    public bool Refused => Code is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.UnprocessableEntity && !QuotaExceeded;

    /// <summary>The server is overloaded, starting, or not there: trying again helps.</summary>
    public bool Transient => Code is null or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
}
