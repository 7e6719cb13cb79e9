using Microsoft.Extensions.Logging;

namespace Ppma.Worker.Tasks;

internal sealed partial class TaskTrainingRun
{
    [LoggerMessage(2, LogLevel.Information, "Going on after step {Step} of {Steps}.")]
    private static partial void LogContinuing(ILogger logger, long step, long steps);

    [LoggerMessage(4, LogLevel.Warning, "The losses may differ from those of an uninterrupted run: {Change}.")]
    private static partial void LogEnvironmentChanged(ILogger logger, string change);
}
