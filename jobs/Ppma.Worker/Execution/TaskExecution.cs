using Microsoft.Extensions.Logging;
using Ppma.Api.Tasks;
using Ppma.Learning.Interop;
using Ppma.Worker.Artifacts;
using Ppma.Worker.Data;
using Ppma.Worker.Gpu;
using Ppma.Worker.Hosting;
using Ppma.Worker.Progress;
using Ppma.Worker.Records;
using TorchSharp;

namespace Ppma.Worker.Execution;

/// <summary>Computes the task once and leaves its result, however often it is started.</summary>
internal sealed partial class TaskExecution(
    WorkerOptions options,
    IEnumerable<ITaskRunner> runners,
    ProgressReporter progress,
    DataPlane data,
    RecordWriter records,
    GpuMonitor gpu,
    TimeProvider time,
    ILoggerFactory loggerFactory)
{
    private readonly ILogger _logger = loggerFactory.CreateLogger<TaskExecution>();

    /// <exception cref="TaskFailedException">Carries the exit code.</exception>
    /// <exception cref="TaskInterruptedException">Stopped as asked.</exception>
    public async Task<TaskResult> RunAsync(CancellationToken stopping)
    {
        DateTimeOffset startTime = time.GetUtcNow();
        TaskFile file = TaskFile.Read(options.TaskFile);
        TaskSpec task = file.Spec;
        ITaskRunner runner = runners.FirstOrDefault(r => r.Kind == task.Kind)
            ?? throw new TaskFailedException(ExitCodes.BadSpec, $"Task file '{options.TaskFile}': this worker computes no '{task.Kind}' tasks.");
        using var artifacts = new TaskArtifacts(task, data, time);
        if (artifacts.ReadResult(file.Digest) is { } present)
        {
            LogAlreadyDone(_logger, task.Kind, task.Run.Name, artifacts.Place);
            return present;
        }

        var context = new TaskContext
        {
            Task = task,
            GpuName = gpu.DeviceName,
            PeakTeraflops = options.PeakTeraflops,
            TaskDigest = file.Digest,
            StartTime = startTime,
            Attempt = options.Attempt,
            Artifacts = artifacts.Claim(options.Attempt),
            Progress = progress,
            Data = data,
            LoggerFactory = loggerFactory,
            TimeProvider = time,
        };
        LogStarting(_logger, task.Kind, task.Run.Name, options.Attempt, artifacts.Place);
        TaskResult result = await RunWatchedAsync(runner, context, stopping);
        if (context.Damaged.Any(part => part.Count > 0))
        {
            records.Write(context);
        }

        result = result with { RecordDigest = TaskJson.Digest(File.ReadAllBytes(context.Artifacts.RecordFile)) };
        context.Artifacts.PublishResult(result);
        LogDone(_logger, task.Kind, task.Run.Name, (result.CompletionTime - startTime).TotalSeconds);
        return result;
    }

    private async Task<TaskResult> RunWatchedAsync(ITaskRunner runner, TaskContext context, CancellationToken stopping)
    {
        using var ended = new CancellationTokenSource();
        Task watch = StallWatch.RunAsync(
            progress, TimeSpan.FromSeconds(context.Task.ProgressDeadlineSeconds), time, ended.Token);
        Task<TaskResult> run = Task.Factory.StartNew(
            () => ComputeAsync(runner, context, stopping), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        if (await Task.WhenAny(run, watch) == watch)
        {
            await watch;
        }

        await ended.CancelAsync();
        try
        {
            return await run;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw new TaskFailedException(ExitCodes.Interrupted, "Stopped as asked before the first step; the next attempt starts from the beginning.");
        }
        catch (IOException e) when (StorageFailure.IsFull(e))
        {
            throw StorageFailure.ToTaskFailure(e, Path.Combine(context.Artifacts.TaskFolder, "*"));
        }
        catch (Exception e) when (Failure.Of(e).ExitCode == ExitCodes.Failed)
        {
            // A defect, not a condition: whoever mends it needs the stack trace beside the one sentence.
            LogUnexpected(_logger, e, context.Task.Kind);
            throw;
        }
    }

    private async Task<TaskResult> ComputeAsync(ITaskRunner runner, TaskContext context, CancellationToken stopping)
    {
        if (context.Task.Kind != TaskKind.VerifyDataset)
        {
            LibTorchSelfTest.Run();

            // On the thread that the runner stays on; threads that begin later take the number over.
            torch.set_num_threads(context.Task.Threads);
        }

        records.Write(context);
        TaskResult result = await runner.RunAsync(context, stopping);
        await data.EnsureCheckedAsync(stopping);
        return result;
    }
}
