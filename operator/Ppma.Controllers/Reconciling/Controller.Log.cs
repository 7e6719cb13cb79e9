using Microsoft.Extensions.Logging;

namespace Ppma.Controllers.Reconciling;

internal sealed partial class Controller<T>
{
    /// <summary>On every line that is logged while an object is looked at.</summary>
    private static readonly Func<ILogger, string, string, string, IDisposable?> ScopeOf =
        LoggerMessage.DefineScope<string, string, string>("{Controller} {Namespace}/{Name}");

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Controller} {Key}: left alone, this process does not lead any more")]
    private partial void LogAbandoned(string controller, ObjectKey key);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Controller} {Key}: nothing was written: {Reason}")]
    private partial void LogNotLeading(string controller, ObjectKey key, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Controller} {Key}: took longer than {Timeout}; trying again in {Again}")]
    private partial void LogTimedOut(string controller, ObjectKey key, TimeSpan timeout, TimeSpan again);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Controller} {Key}: {Reason}; trying again in {Again}")]
    private partial void LogRefused(string controller, ObjectKey key, string reason, TimeSpan again);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Controller} {Key}: somebody else wrote meanwhile; trying again in {Again}")]
    private partial void LogOutdated(string controller, ObjectKey key, TimeSpan again);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Controller} {Key}: a fault of this program; trying again in {Again}")]
    private partial void LogFault(Exception exception, string controller, ObjectKey key, TimeSpan again);
}
