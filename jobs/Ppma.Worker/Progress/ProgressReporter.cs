using Ppma.Api.Tasks;
using Ppma.Worker.Tracking;

namespace Ppma.Worker.Progress;

/// <summary>
/// Where a runner says how far it is. One short lock a report, no allocation: it may be called at every step
/// and from any thread.
/// </summary>
internal sealed class ProgressReporter
{
    /// <summary>Reports that rate, ETA, waiting and loss are taken over.</summary>
    private const int Window = 32;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly WorkerMetrics _metrics;
    private readonly Moment[] _moments = new Moment[Window];
    private int _count;
    private string _phase = "starting";
    private long _step;
    private long _totalSteps;
    private long _clips;
    private TimeSpan _waited;
    private DateTimeOffset _lastProgressTime;
    private long _lastProgressTimestamp;
    private TrainingReport? _training;
    private long _skippedUpdates;
    private IReadOnlyDictionary<string, double>? _validation;
    private ProgressCheckpoint? _checkpoint;
    private long _stepsPerEpoch;

    public ProgressReporter(TimeProvider time, WorkerMetrics metrics)
    {
        _time = time;
        _metrics = metrics;
        _lastProgressTime = time.GetUtcNow();
        _lastProgressTimestamp = time.GetTimestamp();
    }

    /// <summary>Says that a step is done.</summary>
    /// <param name="phase">For people: <c>training</c>, <c>choosing rate</c>, <c>testing</c>. A new phase may start over at step 0.</param>
    /// <param name="step">Steps of the phase that are done.</param>
    /// <param name="totalSteps">Steps of the phase.</param>
    /// <param name="clips">Clips (views for MAE) since the report before.</param>
    /// <param name="loss">The step's loss, where it is known.</param>
    /// <param name="waited">How long the step waited for its batch.</param>
    public void Report(string phase, long step, long totalSteps, long clips, double? loss = null, TimeSpan waited = default)
    {
        long now = _time.GetTimestamp();
        lock (_lock)
        {
            if (phase != _phase)
            {
                _phase = phase;
                _count = 0;
                _clips = 0;
                _waited = TimeSpan.Zero;
                _training = null;
                MoveTo(step, now);
            }
            else if (step != _step)
            {
                MoveTo(step, now);
            }

            _totalSteps = totalSteps;
            _clips += clips;
            _waited += waited;
            _moments[_count++ % Window] = new Moment(now, step, _clips, _waited, loss ?? double.NaN);
            _metrics.Report(step, totalSteps, clips, loss, _lastProgressTime);
        }
    }

    /// <summary>Says how many training steps are an epoch; epochs are told from then on.</summary>
    public void ReportEpochs(long stepsPerEpoch)
    {
        lock (_lock)
        {
            _stepsPerEpoch = stepsPerEpoch;
        }
    }

    /// <summary>Says what is known of the training steps since the last such report.</summary>
    public void Report(TrainingReport training, long totalSteps)
    {
        Report(TrainingTracker.Phase, training.Step, totalSteps, clips: 0, training.Loss);
        lock (_lock)
        {
            _training = training;
            _skippedUpdates += training.Skipped;
        }

        _metrics.Report(training);
    }

    /// <summary>Says how often the task asks for a checkpoint.</summary>
    public void ReportCheckpointInterval(TimeSpan interval) => _metrics.ReportCheckpointInterval(interval);

    /// <summary>Says that a checkpoint is durable.</summary>
    /// <param name="durable">Which one.</param>
    /// <param name="bytes">All its files together.</param>
    /// <param name="took">How long it took.</param>
    public void ReportCheckpoint(KeptCheckpoint durable, long bytes, TimeSpan took)
    {
        var checkpoint = new ProgressCheckpoint(durable.Step, _time.GetUtcNow(), durable.Path, durable.Digest);
        lock (_lock)
        {
            _checkpoint = checkpoint;
        }

        _metrics.Report(checkpoint, bytes, took);
    }

    /// <summary>Says what was measured on the validation set, by name.</summary>
    public void ReportValidation(IReadOnlyDictionary<string, double> validation)
    {
        Dictionary<string, double> finite = validation.Where(metric => double.IsFinite(metric.Value)).ToDictionary();
        lock (_lock)
        {
            _validation = finite;
        }

        foreach ((string name, double value) in finite)
        {
            _metrics.Validation(name).Set(value);
        }
    }

    /// <summary>Counts clips that could not be decoded.</summary>
    public void ReportDamaged(long clips) => _metrics.DamagedClips.Inc(clips);

    /// <summary>How long no step has moved.</summary>
    public TimeSpan SinceLastStep
    {
        get
        {
            lock (_lock)
            {
                return _time.GetElapsedTime(_lastProgressTimestamp);
            }
        }
    }

    /// <summary>What <c>/progress</c> answers now.</summary>
    public TaskProgress Snapshot()
    {
        lock (_lock)
        {
            int held = Math.Min(_count, Window);
            Moment newest = held > 0 ? _moments[(_count - 1) % Window] : default;
            Moment oldest = held > 0 ? _moments[(_count - held) % Window] : default;
            double seconds = _time.GetElapsedTime(oldest.Timestamp, newest.Timestamp).TotalSeconds;
            double stepsPerSecond = seconds > 0 ? (newest.Step - oldest.Step) / seconds : 0;
            return new TaskProgress
            {
                Phase = _phase,
                Step = _step,
                TotalSteps = _totalSteps,
                Epoch = _phase == TrainingTracker.Phase && _stepsPerEpoch > 0 ? (double)_step / _stepsPerEpoch : null,
                ClipsPerSecond = seconds > 0 ? (newest.Clips - oldest.Clips) / seconds : 0,
                EtaSeconds = stepsPerSecond > 0 ? (_totalSteps - _step) / stepsPerSecond : 0,
                Loss = MeanLoss(held),
                WaitShare = seconds > 0 && _phase == TrainingTracker.Phase ? Math.Min(1, (newest.Waited - oldest.Waited).TotalSeconds / seconds) : null,
                LearningRate = _training?.Rate,
                GradientNorm = _training?.GradientNorm,
                SkippedUpdates = _skippedUpdates,
                Mfu = _training?.Mfu,
                Validation = _validation,
                Checkpoint = _checkpoint,
                LastProgressTime = _lastProgressTime,
            };
        }
    }

    private void MoveTo(long step, long now)
    {
        _step = step;
        _lastProgressTimestamp = now;
        _lastProgressTime = _time.GetUtcNow();
    }

    private double? MeanLoss(int held)
    {
        double sum = 0;
        int losses = 0;
        foreach (Moment moment in _moments.AsSpan(0, held))
        {
            if (!double.IsNaN(moment.Loss))
            {
                sum += moment.Loss;
                losses++;
            }
        }

        return losses > 0 ? sum / losses : null;
    }

    private readonly record struct Moment(long Timestamp, long Step, long Clips, TimeSpan Waited, double Loss);
}
