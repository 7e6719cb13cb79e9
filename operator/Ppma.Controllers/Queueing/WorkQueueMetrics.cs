using Prometheus;

namespace Ppma.Controllers.Queueing;

/// <summary>What a controller's queue does, under the names, labels and buckets of controller-runtime, whose dashboards then work.</summary>
internal sealed class WorkQueueMetrics
{
    private static readonly string[] Labels = ["name", "controller"];
    private static readonly double[] Buckets = Histogram.ExponentialBuckets(1e-8, 10, 12);

    private readonly Gauge.Child _depth;
    private readonly Counter.Child _adds;
    private readonly Histogram.Child _waited;
    private readonly Histogram.Child _worked;
    private readonly Counter.Child _retries;

    public WorkQueueMetrics(CollectorRegistry registry, string controller)
    {
        var metrics = Metrics.WithCustomRegistry(registry);
        var durations = new HistogramConfiguration { Buckets = Buckets };
        _depth = metrics.CreateGauge("workqueue_depth", "Keys whose turn has come but not begun", Labels).WithLabels(controller, controller);
        _adds = metrics.CreateCounter("workqueue_adds_total", "Keys that were added, without those that were waiting already", Labels).WithLabels(controller, controller);
        _waited = metrics.CreateHistogram("workqueue_queue_duration_seconds", "From a key's adding to its turn", Labels, durations).WithLabels(controller, controller);
        _worked = metrics.CreateHistogram("workqueue_work_duration_seconds", "A key's turn", Labels, durations).WithLabels(controller, controller);
        _retries = metrics.CreateCounter("workqueue_retries_total", "Keys that were added again because they failed", Labels).WithLabels(controller, controller);
        var unfinished = metrics.CreateGauge("workqueue_unfinished_work_seconds", "Turns that have not ended yet, added up: what grows for ever is stuck", Labels).WithLabels(controller, controller);
        var longest = metrics.CreateGauge("workqueue_longest_running_processor_seconds", "The longest turn that has not ended yet", Labels).WithLabels(controller, controller);
        registry.AddBeforeCollectCallback(() =>
        {
            var running = Running();
            unfinished.Set(running.Sum(turn => turn.TotalSeconds));
            longest.Set(running.Select(turn => turn.TotalSeconds).DefaultIfEmpty().Max());
        });
    }

    /// <summary>Tells for how long each key has its turn by now.</summary>
    public Func<IReadOnlyCollection<TimeSpan>> Running { private get; set; } = () => [];

    public void Depth(int depth) => _depth.Set(depth);

    public void Added() => _adds.Inc();

    public void Taken(TimeSpan waited) => _waited.Observe(waited.TotalSeconds);

    public void Done(TimeSpan worked) => _worked.Observe(worked.TotalSeconds);

    public void Retried() => _retries.Inc();
}
