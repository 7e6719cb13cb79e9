using Microsoft.Extensions.Logging;
using Ppma.Controllers;

namespace Ppma.Operator.Progress;

internal sealed partial class ProgressPuller
{
    [LoggerMessage(1, LogLevel.Debug, "{Kind} {Run}: the worker of {Stage}, attempt {Attempt}, {Problem}")]
    private partial void LogFailed(string kind, ObjectKey run, string stage, int attempt, string problem);
}
