using Prometheus;

namespace Ppma.Controllers.Reconciling;

/// <summary>What a controller's workers do, under the names, labels and buckets of controller-runtime.</summary>
internal sealed class ReconcileMetrics
{
    private static readonly string[] Labels = ["controller"];

    private static readonly double[] Buckets =
    [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 4.5,
        5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
    ];

    private readonly Counter.Child _errors;
    private readonly Counter.Child _panics;
    private readonly Counter.Child _timeouts;
    private readonly Histogram.Child _time;
    private readonly Gauge.Child _activeWorkers;
    private readonly Dictionary<string, Counter.Child> _results;

    public ReconcileMetrics(CollectorRegistry registry, string controller, int workers)
    {
        var metrics = Metrics.WithCustomRegistry(registry);
        var results = metrics.CreateCounter("controller_runtime_reconcile_total", "Reconciliations by how they went", ["controller", "result"]);
        _results = new[] { Success, RequeueAfter, Error }.ToDictionary(result => result, result => results.WithLabels(controller, result), StringComparer.Ordinal);
        _errors = metrics.CreateCounter("controller_runtime_reconcile_errors_total", "Reconciliations that failed", Labels).WithLabels(controller);
        metrics.CreateCounter("controller_runtime_terminal_reconcile_errors_total", "Reconciliations that failed and are not tried again: always 0 here, where everything is tried again", Labels).WithLabels(controller).Publish();
        _panics = metrics.CreateCounter("controller_runtime_reconcile_panics_total", "Reconciliations that failed by a fault of the program", Labels).WithLabels(controller);
        _timeouts = metrics.CreateCounter("controller_runtime_reconcile_timeouts_total", "Reconciliations that took longer than they may", Labels).WithLabels(controller);
        _time = metrics.CreateHistogram("controller_runtime_reconcile_time_seconds", "How long a reconciliation takes", Labels, new HistogramConfiguration { Buckets = Buckets }).WithLabels(controller);
        _activeWorkers = metrics.CreateGauge("controller_runtime_active_workers", "Workers that reconcile now", Labels).WithLabels(controller);
        metrics.CreateGauge("controller_runtime_max_concurrent_reconciles", "Workers there are", Labels).WithLabels(controller).Set(workers);
    }

    private const string Success = "success";
    private const string RequeueAfter = "requeue_after";
    private const string Error = "error";

    public void Begun() => _activeWorkers.Inc();

    public void Ended(TimeSpan took)
    {
        _activeWorkers.Dec();
        _time.Observe(took.TotalSeconds);
    }

    public void Succeeded(bool requeued) => _results[requeued ? RequeueAfter : Success].Inc();

    public void Failed()
    {
        _results[Error].Inc();
        _errors.Inc();
    }

    public void Panicked() => _panics.Inc();

    public void TimedOut() => _timeouts.Inc();
}
