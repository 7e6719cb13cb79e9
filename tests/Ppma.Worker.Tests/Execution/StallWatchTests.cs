using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ppma.Api.Tasks;
using Ppma.Datasets.Metrics;
using Ppma.Worker.Data;
using Ppma.Worker.Execution;
using Ppma.Worker.Gpu;
using Ppma.Worker.Hosting;
using Ppma.Worker.Progress;
using Ppma.Worker.Records;

namespace Ppma.Worker.Tests.Execution;

public sealed class StallWatchTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task RunAsync_StepsKeepComing_NeverEnds()
    {
        ProgressReporter progress = Reporter();
        using var ended = new CancellationTokenSource();
        Task watch = StallWatch.RunAsync(progress, TimeSpan.FromSeconds(60), _time, ended.Token);

        for (int step = 1; step <= 20; step++)
        {
            _time.Advance(TimeSpan.FromSeconds(59));
            progress.Report("training", step, 20, clips: 1);
        }

        Assert.False(watch.IsCompleted);
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch);
    }

    [Fact]
    public async Task RunAsync_SameStepReportedAgain_CountsAsStalled()
    {
        ProgressReporter progress = Reporter();
        progress.Report("training", 7, 20, clips: 1);
        Task watch = StallWatch.RunAsync(progress, TimeSpan.FromSeconds(60), _time, CancellationToken.None);

        _time.Advance(TimeSpan.FromSeconds(30));
        progress.Report("training", 7, 20, clips: 1);
        _time.Advance(TimeSpan.FromSeconds(31));

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => watch);
        Assert.Equal(ExitCodes.Stalled, failure.ExitCode);
        Assert.Contains("'training', step 7 of 20", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execution_RunnerThatHangs_EndsWith43AndNoResult()
    {
        using var folder = new TemporaryFolder();
        var data = DataPlaneOptions.Parse(_ => null);
        var options = new WorkerOptions
        {
            TaskFile = SampleTask.Write(folder, SampleTask.Scripted(folder.Path, "hang", progressDeadlineSeconds: 60)),
            Port = 0,
            Attempt = 1,
            Address = System.Net.IPAddress.Loopback,
            Data = data,
        };
        using var gpu = new GpuMonitor(new WorkerMetrics(), visibleDevices: "", NullLogger<GpuMonitor>.Instance);
        var execution = new TaskExecution(
            options, [new ScriptedRunner()], Reporter(), new DataPlane(data, new StreamMetrics(), _time, NullLoggerFactory.Instance),
            new RecordWriter([]), gpu, _time, NullLoggerFactory.Instance);
        Task<TaskResult> run = execution.RunAsync(CancellationToken.None);

        // Its last write: from here on the runner hangs, and the folder is the test's to remove.
        while (!File.Exists(folder.File("run/record.json")))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        _time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(ExitCodes.Stalled, (await Assert.ThrowsAsync<TaskFailedException>(() => run)).ExitCode);
        Assert.False(File.Exists(folder.File("run/result.json")));
    }

    private ProgressReporter Reporter() => new(_time, new WorkerMetrics());
}
