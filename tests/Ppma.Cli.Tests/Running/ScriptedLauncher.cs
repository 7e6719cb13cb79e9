using Ppma.Api.Tasks;
using Ppma.Cli.Running;

namespace Ppma.Cli.Tests.Running;

/// <summary>Workers that end as the test says, in order; with none left they succeed and leave a result.</summary>
internal sealed class ScriptedLauncher : IWorkerLauncher
{
    private readonly Dictionary<string, Queue<int>> _exits = [];

    /// <summary>Run name and attempt of every start.</summary>
    public List<(string Run, int Attempt)> Starts { get; } = [];

    /// <summary>Called in the place of a worker's work.</summary>
    public Action<string> OnRun { get; set; } = _ => { };

    public void Ends(string run, params int[] exitCodes) => _exits[run] = new Queue<int>(exitCodes);

    public async Task<WorkerExit> RunAsync(
        WorkerStart start, Action<TaskProgress> onProgress, CancellationToken stop, CancellationToken kill)
    {
        byte[] bytes = await File.ReadAllBytesAsync(start.TaskFile, CancellationToken.None);
        TaskSpec task = TaskJson.ReadTask(bytes, start.TaskFile);
        lock (Starts)
        {
            Starts.Add((task.Run.Name, start.Attempt));
        }

        OnRun(task.Run.Name);
        if (_exits.TryGetValue(task.Run.Name, out Queue<int>? exits) && exits.TryDequeue(out int exitCode))
        {
            return new WorkerExit(exitCode, new TaskError(exitCode, ExitCodes.Reason(exitCode), $"{task.Run.Name} ended with {exitCode}"));
        }

        var result = new TaskResult
        {
            TaskDigest = TaskJson.Digest(bytes),
            InputDigest = task.InputDigest,
            Kind = task.Kind,
            StartTime = DateTimeOffset.UnixEpoch,
            CompletionTime = DateTimeOffset.UnixEpoch,
        };
        await File.WriteAllBytesAsync(Path.Combine(start.Folder, "result.json"), TaskJson.Serialize(result), CancellationToken.None);
        return new WorkerExit(ExitCodes.Done, null);
    }
}
