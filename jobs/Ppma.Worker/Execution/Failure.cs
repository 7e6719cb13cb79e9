using Ppma.Api.Tasks;
using Ppma.Learning.Interop;
using Ppma.Worker.Artifacts;

namespace Ppma.Worker.Execution;

/// <summary>How an exception ends the process.</summary>
internal static class Failure
{
    public static TaskError Of(Exception exception)
    {
        (int exitCode, string message) = exception switch
        {
            TaskFailedException e => (e.ExitCode, e.Message),
            TaskInterruptedException e => (ExitCodes.Interrupted, e.Message),
            OutOfMemoryException e => (ExitCodes.Failed, $"Out of memory: {e.Message} Use a smaller batch or a machine with more memory."),
            LibTorchUnavailableException or PlatformNotSupportedException => (ExitCodes.BadSpec, exception.Message),
            _ when StorageFailure.Explains(exception) => (ExitCodes.StorageOrNetwork, exception.Message),
            _ => (ExitCodes.Failed, $"Unexpected {exception.GetType().Name}: {exception.Message}"),
        };
        return new TaskError(exitCode, ExitCodes.Reason(exitCode), message);
    }
}
