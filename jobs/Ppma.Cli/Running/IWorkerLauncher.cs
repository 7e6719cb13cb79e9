using Ppma.Api.Tasks;

namespace Ppma.Cli.Running;

/// <summary>Runs one attempt of a task.</summary>
internal interface IWorkerLauncher
{
    /// <param name="start">Which task, and which attempt of it.</param>
    /// <param name="onProgress">Called now and then with what the worker says of itself.</param>
    /// <param name="stop">Asks the worker to stop at a step, with a checkpoint.</param>
    /// <param name="kill">Ends it at once.</param>
    Task<WorkerExit> RunAsync(WorkerStart start, Action<TaskProgress> onProgress, CancellationToken stop, CancellationToken kill);
}

/// <param name="TaskFile">The task's JSON.</param>
/// <param name="Folder">The task's folder, for the log and the termination message.</param>
/// <param name="Attempt">From 1.</param>
internal sealed record WorkerStart(string TaskFile, string Folder, int Attempt);

/// <param name="ExitCode">As the operating system gives it: 128 + n after signal n.</param>
/// <param name="Error">What the worker said; null when it said nothing, as after a crash.</param>
internal sealed record WorkerExit(int ExitCode, TaskError? Error);
