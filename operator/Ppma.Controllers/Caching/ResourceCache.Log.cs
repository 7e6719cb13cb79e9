using Microsoft.Extensions.Logging;

namespace Ppma.Controllers.Caching;

internal sealed partial class ResourceCache<T>
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Kind} {Key}: a fault of this program: it could not be trimmed, and is kept whole")]
    private static partial void LogNotTrimmed(ILogger log, Exception exception, string kind, ObjectKey key);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Kind} {Key}: a fault of this program: it cannot be found by index '{Index}'")]
    private static partial void LogNotIndexed(ILogger log, Exception exception, string kind, ObjectKey key, string index);
}
