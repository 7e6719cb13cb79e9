using Microsoft.Extensions.Logging;

namespace Ppma.Controllers.Events;

public sealed partial class EventRecorder
{
    [LoggerMessage(LogLevel.Warning, "The event {Reason} about {Kind} {Namespace}/{Name} could not be written: {Problem}")]
    private partial void LogFailed(string reason, string kind, string @namespace, string name, string problem);

    [LoggerMessage(LogLevel.Warning, "{Count} events were not written before the process ended")]
    private partial void LogUnwritten(int count);
}
