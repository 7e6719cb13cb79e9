using System.Text.Json;
using Ppma.Api.Tasks;
using Ppma.Datasets.Stores;
using Ppma.Worker.Artifacts;

namespace Ppma.Cli.Running;

/// <summary>Takes one resolved task to its end: writes its file, starts workers, starts them again within the budgets.</summary>
/// <param name="launcher">Runs one attempt.</param>
/// <param name="time">For the wait before a restart.</param>
internal sealed class TaskSupervisor(IWorkerLauncher launcher, TimeProvider time)
{
    /// <param name="spec">The task.</param>
    /// <param name="onProgress">Called now and then while a worker runs.</param>
    /// <param name="stop">Stop at a step and leave a checkpoint.</param>
    /// <param name="kill">Stop at once.</param>
    public async Task<TaskEnd> RunAsync(TaskSpec spec, Action<TaskProgress> onProgress, CancellationToken stop, CancellationToken kill)
    {
        (string root, string taskFolder) = ArtifactsLayout.Locate(spec);
        var folder = new RunFolder(root, taskFolder);
        byte[] bytes = TaskJson.Serialize(spec);
        string taskFile = Prepare(folder, bytes);
        string digest = TaskJson.Digest(bytes);
        if (folder.ReadResult(digest) is { } before)
        {
            return Done(spec, folder, before);
        }

        var restarts = new RestartPolicy();
        while (true)
        {
            WorkerExit exit = await launcher.RunAsync(
                new WorkerStart(taskFile, taskFolder, NextAttempt(folder)), onProgress, stop, kill);
            if (exit.ExitCode == ExitCodes.Done && folder.ReadResult(digest) is { } result)
            {
                return Done(spec, folder, result);
            }

            TaskError error = exit.Error ?? Unexplained(exit.ExitCode, taskFolder);
            if (stop.IsCancellationRequested)
            {
                return new TaskEnd { State = TaskState.Interrupted, Spec = spec, Folder = folder, Error = error };
            }

            if (restarts.Next(error.ExitCode) is not { } wait || !await WaitAsync(wait, stop))
            {
                return new TaskEnd { State = TaskState.Failed, Spec = spec, Folder = folder, Error = error };
            }
        }
    }

    private static string Prepare(RunFolder folder, byte[] task)
    {
        string file = Path.Combine(folder.TaskFolder, "task.json");
        try
        {
            Directory.CreateDirectory(folder.TaskFolder);
            DurableFile.Write(file, task);
            return file;
        }
        catch (Exception e) when (StorageFailure.Explains(e))
        {
            throw StorageFailure.ToTaskFailure(e, file);
        }
    }

    // One more than the last owner: should a worker of an earlier call still live, this one takes the folder from it.
    private static int NextAttempt(RunFolder folder)
    {
        try
        {
            return TaskJson.Deserialize<Owner>(File.ReadAllBytes(folder.OwnerFile)).Attempt + 1;
        }
        catch (Exception e) when (e is FileNotFoundException or JsonException)
        {
            return 1;
        }
    }

    private async Task<bool> WaitAsync(TimeSpan wait, CancellationToken stop)
    {
        try
        {
            await Task.Delay(wait, time, stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static TaskEnd Done(TaskSpec spec, RunFolder folder, TaskResult result) =>
        new() { State = TaskState.Done, Spec = spec, Folder = folder, Result = result };

    private static TaskError Unexplained(int exitCode, string folder)
    {
        string how = exitCode > 128 ? $"was ended by signal {exitCode - 128}" : $"ended with exit code {exitCode}";
        return new TaskError(
            exitCode == ExitCodes.Done ? ExitCodes.Failed : exitCode,
            ExitCodes.Reason(exitCode),
            $"The worker {how} and said nothing. Its last words are in '{Path.Combine(folder, "worker.log")}'.");
    }
}
