using System.Text;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Queueing;
using Ppma.Controllers.Reconciling;

namespace Ppma.Controllers.Tests.Hosting;

/// <summary>The names, labels and types that dashboards and alerts for controller-runtime ask for.</summary>
public sealed class RuntimeMetricsTests
{
    [Theory]
    [InlineData("controller_runtime_reconcile_total", "counter", "controller=\"thing\",result=\"success\"")]
    [InlineData("controller_runtime_reconcile_total", "counter", "controller=\"thing\",result=\"error\"")]
    [InlineData("controller_runtime_reconcile_total", "counter", "controller=\"thing\",result=\"requeue_after\"")]
    [InlineData("controller_runtime_reconcile_errors_total", "counter", "controller=\"thing\"")]
    [InlineData("controller_runtime_terminal_reconcile_errors_total", "counter", "controller=\"thing\"")]
    [InlineData("controller_runtime_reconcile_panics_total", "counter", "controller=\"thing\"")]
    [InlineData("controller_runtime_reconcile_timeouts_total", "counter", "controller=\"thing\"")]
    [InlineData("controller_runtime_reconcile_time_seconds", "histogram", "controller=\"thing\",le=\"0.005\"")]
    [InlineData("controller_runtime_reconcile_time_seconds", "histogram", "controller=\"thing\",le=\"60\"")]
    [InlineData("controller_runtime_max_concurrent_reconciles", "gauge", "controller=\"thing\"")]
    [InlineData("controller_runtime_active_workers", "gauge", "controller=\"thing\"")]
    [InlineData("workqueue_depth", "gauge", "name=\"thing\",controller=\"thing\"")]
    [InlineData("workqueue_adds_total", "counter", "name=\"thing\",controller=\"thing\"")]
    [InlineData("workqueue_queue_duration_seconds", "histogram", "name=\"thing\",controller=\"thing\",le=\"1e-08\"")]
    [InlineData("workqueue_work_duration_seconds", "histogram", "name=\"thing\",controller=\"thing\",le=\"1000\"")]
    [InlineData("workqueue_unfinished_work_seconds", "gauge", "name=\"thing\",controller=\"thing\"")]
    [InlineData("workqueue_longest_running_processor_seconds", "gauge", "name=\"thing\",controller=\"thing\"")]
    [InlineData("workqueue_retries_total", "counter", "name=\"thing\",controller=\"thing\"")]
    [InlineData("reflector_lists_total", "counter", "name=\"Thing\"")]
    [InlineData("reflector_watches_total", "counter", "name=\"Thing\"")]
    [InlineData("reflector_stale", "gauge", "name=\"Thing\"")]
    [InlineData("reflector_failures_total", "counter", "name=\"Thing\",reason=\"expired\"")]
    public async Task Metric_OfTheRuntime_IsThereBeforeAnythingHappens(string name, string type, string labels)
    {
        var text = await ExpositionAsync();

        Assert.Contains($"# TYPE {name} {type}\n", text, StringComparison.Ordinal);
        Assert.Contains($"\n{name}{(type == "histogram" ? "_bucket" : "")}{{{labels}}} ", text, StringComparison.Ordinal);
    }

    private static async Task<string> ExpositionAsync()
    {
        var registry = Prometheus.Metrics.NewCustomRegistry();
        _ = new ReconcileMetrics(registry, "thing", workers: 8);
        _ = new WorkQueueMetrics(registry, "thing");
        new ReflectorMetrics(registry, "Thing").Failed("expired");
        using var stream = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(stream, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
