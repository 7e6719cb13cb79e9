using Microsoft.Extensions.Logging;

namespace Ppma.Controllers.Caching;

internal sealed partial class Reflector<T>
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Listed {Count} {Kind} as of {Version} in {Took}")]
    private partial void LogListed(string kind, int count, ResourceVersion version, TimeSpan took);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Kind}: history after {Version} is gone, listing again ({Reason})")]
    private partial void LogHistoryGone(string kind, ResourceVersion version, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind}: the server's store is at {Version}, behind {Known} which was seen already: it was set back to a backup. Starting over from it")]
    private partial void LogSetBack(string kind, ResourceVersion known, ResourceVersion version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind}: {Reason}. Trying again in {Seconds:F1} s (failure {Failures} in a row)")]
    private partial void LogFailed(Exception? exception, string kind, string reason, double seconds, int failures);
}
