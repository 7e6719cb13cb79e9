using Ppma.Api.Tasks;

namespace Ppma.Worker.Execution;

/// <summary>Computes one kind of task. Everything around it (files, claims, signals, exit codes) is the host's.</summary>
internal interface ITaskRunner
{
    TaskKind Kind { get; }

    /// <summary>
    /// Computes the task on a thread of its own, so it may block. It reports every step to
    /// <see cref="TaskContext.Progress"/>: one that stays silent for the task's progress deadline is stalled.
    /// </summary>
    /// <param name="context">The task, its folder, and what the runner may use.</param>
    /// <param name="stopping">
    /// Asks to stop: the runner finishes its step, writes a checkpoint and throws <see cref="TaskInterruptedException"/>.
    /// </param>
    /// <exception cref="TaskInterruptedException">Stopped as asked; a later attempt continues.</exception>
    /// <exception cref="TaskFailedException">The task cannot go on; carries the exit code.</exception>
    Task<TaskResult> RunAsync(TaskContext context, CancellationToken stopping);
}
