using Ppma.Api.Tasks;
using Ppma.Worker.Artifacts;

namespace Ppma.Cli.Running;

/// <summary>How a planned task ended.</summary>
internal sealed record TaskEnd
{
    public required TaskState State { get; init; }

    /// <summary>What it was resolved to; null when it never was.</summary>
    public TaskSpec? Spec { get; init; }

    public RunFolder? Folder { get; init; }

    /// <summary>Set when <see cref="TaskState.Done"/>.</summary>
    public TaskResult? Result { get; init; }

    /// <summary>Set when not <see cref="TaskState.Done"/>; its exit code is that of a task that ran.</summary>
    public TaskError? Error { get; init; }

    public static TaskEnd NotRun(string message) =>
        new() { State = TaskState.NotRun, Error = new TaskError(ExitCodes.Failed, nameof(TaskState.NotRun), message) };
}
