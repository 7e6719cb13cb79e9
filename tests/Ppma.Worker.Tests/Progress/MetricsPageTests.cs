using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ppma.Datasets.Metrics;
using Ppma.Learning.Training;
using Ppma.Worker.Gpu;
using Ppma.Worker.Progress;
using Ppma.Worker.Tests.Gpu;
using Ppma.Worker.Tracking;

namespace Ppma.Worker.Tests.Progress;

/// <summary>docs/reference/metrics.md names every metric, with the type and labels that it has.</summary>
public sealed partial class MetricsPageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Page_EveryMetricOfAWorker_IsInItWithTypeAndLabels()
    {
        string[] told = [.. MetricsText.Parse(await EverythingAsync()).Select(family => $"{family.Name} {family.Type} {string.Join(", ", family.Labels)}").Order()];
        string[] documented =
        [
            .. File.ReadLines(PagePath()).Select(line => Row().Match(line)).Where(row => row.Success)
                .Select(row => $"{row.Groups["name"].Value} {row.Groups["type"].Value} {row.Groups["labels"].Value.Replace("`", "", StringComparison.Ordinal)}").Order(),
        ];

        Assert.Equal(told, documented);
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

    /// <summary>What a worker tells that has done everything there is a metric of.</summary>
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

        using var text = new MemoryStream();
        await metrics.Registry.CollectAndExportAsTextAsync(text, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static string PagePath()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "PPMA.Cloud.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return Path.Combine(folder, "docs", "reference", "metrics.md");
    }

    [GeneratedRegex(@"^\| `(?<name>\w+)` \| (?<type>\w+) \| (?<labels>[^|]*?) ?\|")]
    private static partial Regex Row();
}
