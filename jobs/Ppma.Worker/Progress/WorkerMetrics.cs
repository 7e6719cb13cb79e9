using Ppma.Api.Tasks;
using Ppma.Learning.Training;
using Ppma.Worker.Tracking;
using Prometheus;

namespace Ppma.Worker.Progress;

/// <summary>Every metric of a worker, in a registry of its own. Which run it is comes from the pod's labels.</summary>
internal sealed class WorkerMetrics
{
    private static readonly GaugeConfiguration _absentAtFirst = new() { SuppressInitialValue = true };

    private readonly Gauge _step;
    private readonly Gauge _totalSteps;
    private readonly Gauge _ratio;
    private readonly Gauge _loss;
    private readonly Gauge _lastProgress;
    private readonly Gauge _learningRate;
    private readonly Gauge _gradientNorm;
    private readonly Counter _skippedUpdates;
    private readonly Gauge _clipsPerSecond;
    private readonly Gauge _waitRatio;
    private readonly Gauge _mfu;
    private readonly Gauge _validation;
    private readonly Histogram _checkpointSeconds;
    private readonly Gauge _checkpointInterval;
    private readonly Gauge _checkpointBytes;
    private readonly Gauge _checkpointStep;
    private readonly Gauge _lastCheckpoint;

    public WorkerMetrics()
    {
        Registry = Metrics.NewCustomRegistry();
        DotNetStats.Register(Registry);
        MetricFactory create = Metrics.WithCustomRegistry(Registry);
        _step = create.CreateGauge("ppma_step", "Steps done in the current phase.");
        _totalSteps = create.CreateGauge("ppma_total_steps", "Steps of the current phase.");
        _ratio = create.CreateGauge("ppma_progress_ratio", "Share of the current phase that is done, 0 to 1.");
        _loss = create.CreateGauge("ppma_loss", "Loss of the last report.", _absentAtFirst);
        _lastProgress = create.CreateGauge("ppma_last_progress_timestamp_seconds", "When the step last moved, Unix time.", _absentAtFirst);
        _learningRate = create.CreateGauge("ppma_learning_rate", "Learning rate before layer decay.", _absentAtFirst);
        _gradientNorm = create.CreateGauge("ppma_gradient_norm", "Joint norm of the gradients before clipping, mean over the last report.", _absentAtFirst);
        _skippedUpdates = create.CreateCounter("ppma_skipped_updates_total", "Updates skipped because a number was not finite, by reason.", "reason");
        foreach (SkippedUpdate reason in Enum.GetValues<SkippedUpdate>().Where(reason => reason != SkippedUpdate.None))
        {
            // A rise is only seen in a series that was there before.
            Skipped(reason).Publish();
        }

        _clipsPerSecond = create.CreateGauge("ppma_clips_per_second", "Clips (views for MAE) a second over the last report.", _absentAtFirst);
        _waitRatio = create.CreateGauge("ppma_data_wait_ratio", "Share of the last report's time in which training waited for data, 0 to 1.", _absentAtFirst);
        _mfu = create.CreateGauge("ppma_mfu_ratio", "Model FLOPs utilisation over the last report, 0 to 1.", _absentAtFirst);
        _validation = create.CreateGauge("ppma_validation", "The last validation, by metric.", "metric");
        _checkpointSeconds = create.CreateHistogram("ppma_checkpoint_seconds", "Writing a checkpoint until it is durable, beside the training.", Seconds(0.01));
        _checkpointInterval = create.CreateGauge("ppma_checkpoint_interval_seconds", "Time between two checkpoints that the task asks for.", _absentAtFirst);
        _checkpointBytes = create.CreateGauge("ppma_checkpoint_bytes", "Size of the newest checkpoint, all its files.", _absentAtFirst);
        _checkpointStep = create.CreateGauge("ppma_checkpoint_step", "Step of the newest durable checkpoint.", _absentAtFirst);
        _lastCheckpoint = create.CreateGauge("ppma_last_checkpoint_timestamp_seconds", "When the newest checkpoint became durable, Unix time.", _absentAtFirst);
        Clips = create.CreateCounter("ppma_clips_total", "Clips (views for MAE) computed by this process.");
        DamagedClips = create.CreateCounter("ppma_damaged_clips_total", "Clips that could not be decoded.");
        StepSeconds = create.CreateHistogram("ppma_step_seconds", "Time of a training step, each the mean of its report; waiting included, checkpoints not.", Seconds(0.01));
    }

    public CollectorRegistry Registry { get; }

    public Counter Clips { get; }

    public Counter DamagedClips { get; }

    public Histogram StepSeconds { get; }

    public Gauge.Child Validation(string metric) => _validation.WithLabels(metric);

    public void ReportCheckpointInterval(TimeSpan interval) => _checkpointInterval.Set(interval.TotalSeconds);

    public void Report(long step, long totalSteps, long clips, double? loss, DateTimeOffset lastProgressTime)
    {
        _step.Set(step);
        _totalSteps.Set(totalSteps);
        _ratio.Set(totalSteps > 0 ? (double)step / totalSteps : 0);
        Clips.Inc(clips);
        _lastProgress.Set(Unix(lastProgressTime));
        Set(_loss, loss);
    }

    public void Report(TrainingReport training)
    {
        _learningRate.Set(training.Rate);
        Set(_gradientNorm, training.GradientNorm);
        Set(_clipsPerSecond, training.ClipsPerSecond);
        Set(_waitRatio, training.WaitShare);
        Set(_mfu, training.Mfu);
        foreach (SkippedUpdate reason in training.SkippedUpdates)
        {
            Skipped(reason).Inc();
        }

        if (training.Times is { } times)
        {
            StepSeconds.Observe(times.SecondsPerStep, times.Steps);
        }
    }

    public void Report(ProgressCheckpoint checkpoint, long bytes, TimeSpan took)
    {
        _checkpointSeconds.Observe(took.TotalSeconds);
        _checkpointBytes.Set(bytes);
        _checkpointStep.Set(checkpoint.Step);
        _lastCheckpoint.Set(Unix(checkpoint.Time));
    }

    private Counter.Child Skipped(SkippedUpdate reason) => _skippedUpdates.WithLabels(reason.ToString().ToLowerInvariant());

    private static void Set(Gauge gauge, double? value)
    {
        if (value is { } known)
        {
            gauge.Set(known);
        }
    }

    private static double Unix(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;

    private static HistogramConfiguration Seconds(double least) => new() { Buckets = Histogram.ExponentialBuckets(least, 2, 14) };
}
