using Microsoft.Extensions.Logging;

namespace Ppma.Controllers.Leading;

public sealed partial class LeaseElector
{
    [LoggerMessage(1, LogLevel.Information, "Waiting for Lease {Namespace}/{Lease} as {Identity}")]
    private static partial void LogWaits(ILogger logger, string @namespace, string lease, string identity);

    [LoggerMessage(2, LogLevel.Information, "Leading: Lease {Namespace}/{Lease} is held by {Identity}")]
    private static partial void LogLeads(ILogger logger, string @namespace, string lease, string identity);

    [LoggerMessage(3, LogLevel.Warning, "Lease {Namespace}/{Lease} could not be read or taken, trying again: {Reason}")]
    private static partial void LogTryFailed(ILogger logger, string @namespace, string lease, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Lease {Namespace}/{Lease} could not be renewed, {SecondsLeft:0.0} s are left: {Reason}")]
    private static partial void LogRenewalFailed(ILogger logger, string @namespace, string lease, double secondsLeft, string reason);

    [LoggerMessage(5, LogLevel.Error, "Leadership is lost: {Reason}")]
    private static partial void LogLost(ILogger logger, string reason);

    [LoggerMessage(6, LogLevel.Information, "Lease {Namespace}/{Lease} is released")]
    private static partial void LogReleased(ILogger logger, string @namespace, string lease);

    [LoggerMessage(7, LogLevel.Warning, "Lease {Namespace}/{Lease} could not be released, others must wait {Seconds} s: {Reason}")]
    private static partial void LogNotReleased(ILogger logger, string @namespace, string lease, double seconds, string reason);
}
