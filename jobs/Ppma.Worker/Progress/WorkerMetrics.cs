using Prometheus;

namespace Ppma.Worker.Progress;

/// <summary>Every metric of a worker, in a registry of its own. Which run it is comes from the pod's labels.</summary>
internal sealed class WorkerMetrics
{
    private readonly Gauge _step;
    private readonly Gauge _totalSteps;
    private readonly Gauge _ratio;
    private readonly Gauge _loss;
    private readonly Gauge _lastProgress;

    public WorkerMetrics()
    {
        Registry = Metrics.NewCustomRegistry();
        DotNetStats.Register(Registry);
        MetricFactory create = Metrics.WithCustomRegistry(Registry);
        _step = create.CreateGauge("ppma_step", "Steps done in the current phase.");
        _totalSteps = create.CreateGauge("ppma_total_steps", "Steps of the current phase.");
        _ratio = create.CreateGauge("ppma_progress_ratio", "Share of the current phase that is done, 0 to 1.");
        _loss = create.CreateGauge("ppma_loss", "Loss of the last reported step.", new GaugeConfiguration { SuppressInitialValue = true });
        _lastProgress = create.CreateGauge("ppma_last_progress_timestamp_seconds", "When the step last moved, Unix time.");
        Clips = create.CreateCounter("ppma_clips_total", "Clips (views for MAE) computed by this process.");
        DamagedClips = create.CreateCounter("ppma_damaged_clips_total", "Clips that could not be decoded.");
        StepSeconds = create.CreateHistogram(
            "ppma_step_seconds",
            "Wall-clock time of a step.",
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.01, 2, 14) });
    }

    public CollectorRegistry Registry { get; }

    public Counter Clips { get; }

    public Counter DamagedClips { get; }

    public Histogram StepSeconds { get; }

    public void Report(long step, long totalSteps, long clips, double? loss, DateTimeOffset lastProgressTime)
    {
        _step.Set(step);
        _totalSteps.Set(totalSteps);
        _ratio.Set(totalSteps > 0 ? (double)step / totalSteps : 0);
        Clips.Inc(clips);
        _lastProgress.Set(lastProgressTime.ToUnixTimeMilliseconds() / 1000.0);
        if (loss is { } value)
        {
            _loss.Set(value);
        }
    }
}
