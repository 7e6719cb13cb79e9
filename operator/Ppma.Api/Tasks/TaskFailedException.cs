namespace Ppma.Api.Tasks;

/// <summary>
/// A task cannot go on. The message names the object, the field or file, the cause and the fix;
/// <see cref="ExitCode"/> decides who pays for another attempt.
/// </summary>
public sealed class TaskFailedException : Exception
{
    public TaskFailedException(int exitCode, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        ExitCode = exitCode;
    }

    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; }
}
