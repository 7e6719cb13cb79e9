using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ppma.Datasets.Metrics;
using Ppma.Learning.Training;
using Ppma.Worker.Data;
using Ppma.Worker.Gpu;
using Ppma.Worker.Progress;
using Ppma.Worker.Tests.Gpu;
using Ppma.Worker.Tracking;

namespace Ppma.Worker.Tests.Progress;

/// <summary>What Prometheus reads of a worker that has done everything there is a metric of.</summary>
public sealed class ScrapeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Scrape_OfAFreshWorker_ShowsAtNothingWhatMayRise()
    {
        var metrics = new WorkerMetrics();
        _ = new StreamMetrics(metrics.Registry);

        string text = await TextAsync(metrics);

        Assert.Contains("\nppma_skipped_updates_total{reason=\"gradient\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("\nppma_stream_retries_total{reason=\"throttled\"} 0\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\nppma_last_progress_timestamp_seconds ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_OfRoom_TellsOfFoldersThatAreThere()
    {
        var metrics = new WorkerMetrics();
        _ = new RoomMetrics(metrics.Registry, new DataPlaneOptions { CacheFolder = _folder.Path, ScratchFolder = Path.Combine(_folder.Path, "none") });

        string text = await TextAsync(metrics);

        Assert.Matches("\nppma_disk_free_bytes{folder=\"cache\"} [1-9]", text);
        Assert.Matches("\nppma_disk_bytes{folder=\"cache\"} [1-9]", text);
        Assert.Matches("\nppma_memory_limit_bytes [1-9]", text);
        Assert.DoesNotContain("folder=\"scratch\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_ByPrometheusOwnLinter_IsWithoutProblem()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "promtool"))),
            "promtool is not installed (Debian package prometheus).");
        using Process promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        await promtool.StandardInput.WriteAsync(string.Join('\n', (await EverythingAsync()).Split('\n').Where(line => line.Contains("ppma_", StringComparison.Ordinal))) + "\n");
        promtool.StandardInput.Close();

        Assert.Equal("", await promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await promtool.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, promtool.ExitCode);
    }

    private async Task<string> EverythingAsync()
    {
        var metrics = new WorkerMetrics();
        var stream = new StreamMetrics(metrics.Registry);
        using var gpu = new GpuMonitor(metrics, visibleDevices: null, NullLogger<GpuMonitor>.Instance, await NvmlStandIn.CompileAsync(_folder));
        var progress = new ProgressReporter(new FakeTimeProvider(), metrics);
        var times = new StepTimes(10, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
        var speed = new ModelSpeed(1e12, new DevicePeak(1e13, "a test"));
        progress.Report(TrainingReport.Of([new StepLoss(1, 1, 1e-3, 1, SkippedUpdate.Overflow)], times, 8, speed, DateTimeOffset.UnixEpoch), 100);
        progress.ReportCheckpoint(new() { Step = 1, Path = "mae/checkpoints/step-1", Digest = "" }, 1000, TimeSpan.FromSeconds(1));
        progress.ReportValidation(new Dictionary<string, double> { ["top1"] = 0.5 });
        stream.Retries(RetryReason.Hash).Inc();
        stream.Samples(SampleOutcome.Good).Inc();
        stream.QueueDepth(LoadingStage.Decode).Set(1);

        progress.ReportCheckpointInterval(TimeSpan.FromMinutes(15));
        _ = new RoomMetrics(metrics.Registry, new DataPlaneOptions { CacheFolder = _folder.Path });

        return await TextAsync(metrics);
    }

    private static async Task<string> TextAsync(WorkerMetrics metrics)
    {
        using var text = new MemoryStream();
        await metrics.Registry.CollectAndExportAsTextAsync(text, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
