using Microsoft.Extensions.Logging;
using Ppma.Api.Tasks;

namespace Ppma.Worker.Execution;

internal sealed partial class TaskExecution
{
    [LoggerMessage(1, LogLevel.Information, "{Kind} of {Run}: attempt {Attempt} in {Folder}")]
    private static partial void LogStarting(ILogger logger, TaskKind kind, string run, int attempt, string folder);

    [LoggerMessage(2, LogLevel.Information, "{Kind} of {Run}: done before, its result is in {Folder}")]
    private static partial void LogAlreadyDone(ILogger logger, TaskKind kind, string run, string folder);

    [LoggerMessage(3, LogLevel.Information, "{Kind} of {Run}: done in {Seconds:0.0} s")]
    private static partial void LogDone(ILogger logger, TaskKind kind, string run, double seconds);

    [LoggerMessage(4, LogLevel.Error, "{Kind} ended unexpectedly")]
    private static partial void LogUnexpected(ILogger logger, Exception exception, TaskKind kind);
}
