using System.Net;

namespace Ppma.Testing.Kubernetes.Faults;

/// <summary>What can happen to a request to the API server.</summary>
public abstract record ApiFault
{
    private ApiFault()
    {
    }

    /// <summary>The connection breaks before the server sees the request.</summary>
    public static ApiFault DropBefore { get; } = new Dropped(AfterCommit: false);

    /// <summary>The server does what was asked, but the connection breaks before its answer: the client cannot know.</summary>
    public static ApiFault DropAfter { get; } = new Dropped(AfterCommit: true);

    /// <summary>The server gets it twice; the client gets the second answer.</summary>
    public static ApiFault Twice { get; } = new Duplicated();

    /// <summary>The server does not get it and the client gets no answer, while its connection stays open.</summary>
    public static ApiFault Silence { get; } = new Silent();

    /// <summary>The server gets it later.</summary>
    public static ApiFault Delay(TimeSpan time) => new Delayed(time);

    /// <summary>Refused without the server: an API Status of the code, with its usual reason (409: Conflict) unless another is given.</summary>
    public static ApiFault Refuse(HttpStatusCode code, string? reason = null, int? retryAfterSeconds = null) => new Refused(code, reason ?? UsualReason(code), retryAfterSeconds);

    /// <summary>A watch's connection breaks after so many of its events.</summary>
    public static ApiFault CutWatch(int afterEvents = 0) => new WatchEnded(afterEvents, WatchEnd.Cut);

    /// <summary>A watch ends in good order after so many of its events, as the server ends it at its timeout.</summary>
    public static ApiFault CloseWatch(int afterEvents = 0) => new WatchEnded(afterEvents, WatchEnd.Close);

    /// <summary>A watch is sent ERROR with code 410, Expired, after so many of its events, and ends.</summary>
    public static ApiFault ExpireWatch(int afterEvents = 0) => new WatchEnded(afterEvents, WatchEnd.Expire);

    /// <summary>A watch goes silent after so many of its events: open, and nothing more comes.</summary>
    public static ApiFault FreezeWatch(int afterEvents = 0) => new WatchEnded(afterEvents, WatchEnd.Freeze);

    private static string UsualReason(HttpStatusCode code) => code switch
    {
        HttpStatusCode.Conflict => "Conflict",
        HttpStatusCode.Gone => "Expired",
        HttpStatusCode.TooManyRequests => "TooManyRequests",
        HttpStatusCode.InternalServerError => "InternalError",
        HttpStatusCode.ServiceUnavailable => "ServiceUnavailable",
        HttpStatusCode.GatewayTimeout => "Timeout",
        HttpStatusCode.Forbidden => "Forbidden",
        HttpStatusCode.NotFound => "NotFound",
        _ => code.ToString(),
    };

    internal sealed record Dropped(bool AfterCommit) : ApiFault;

    internal sealed record Duplicated : ApiFault;

    internal sealed record Silent : ApiFault;

    internal sealed record Delayed(TimeSpan Time) : ApiFault;

    internal sealed record Refused(HttpStatusCode Code, string Reason, int? RetryAfterSeconds) : ApiFault;

    internal sealed record WatchEnded(int AfterEvents, WatchEnd End) : ApiFault;
}
