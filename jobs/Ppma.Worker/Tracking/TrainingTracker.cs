using Microsoft.Extensions.Logging;
using Ppma.Api.Tasks;
using Ppma.Learning.Training;
using Ppma.Worker.Execution;

namespace Ppma.Worker.Tracking;

/// <summary>
/// Tells everyone who watches a training how it goes: <c>/progress</c>, <c>/metrics</c>, the console, <c>metrics.jsonl</c> and
/// TensorBoard. Called where the losses were read anyway, so it never makes the host wait for the device.
/// </summary>
internal sealed partial class TrainingTracker : IDisposable
{
    public const string Phase = "training";

    private static readonly TimeSpan _consoleInterval = TimeSpan.FromSeconds(10);

    private readonly TaskContext _context;
    private readonly OptimizationSpec _optimization;
    private readonly ModelSpeed? _speed;
    private readonly StepClock _clock;
    private readonly ILogger _logger;
    private MetricsLog? _log;
    private EventFile? _events;
    private long? _lastShown;

    /// <param name="context">The task that trains.</param>
    /// <param name="optimization">How.</param>
    /// <param name="speed">What MFU is counted from; null where the device's peak is not known.</param>
    public TrainingTracker(TaskContext context, OptimizationSpec optimization, ModelSpeed? speed)
    {
        _context = context;
        _optimization = optimization;
        _speed = speed;
        _clock = new StepClock(context.TimeProvider);
        context.Progress.ReportCheckpointInterval(TimeSpan.FromSeconds(context.Task.Checkpoint.EverySeconds));
        _logger = context.LoggerFactory.CreateLogger<TrainingTracker>();
        if (speed is not null)
        {
            LogSpeed(_logger, speed.StepFlops / 1e12, speed.Peak);
        }
    }

    /// <summary>Training goes on after a step: whatever was told of later ones never happened.</summary>
    public void OnContinue(long stepsDone) => Open(stepsDone);

    public void OnStep(long stepsDone, TimeSpan waited)
    {
        _clock.Step(waited);
        _context.Progress.Report(Phase, stepsDone, _optimization.Steps, _optimization.BatchSize, waited: waited);
    }

    /// <summary>Losses of consecutive steps are known.</summary>
    public void OnLosses(IReadOnlyList<StepLoss> losses)
    {
        var report = TrainingReport.Of(losses, _clock.Read(), _optimization.BatchSize, _speed, Now);
        _context.Progress.Report(report, _optimization.Steps);
        Open(stepsDone: 0);
        _log!.Append(report);
        _events!.Scalars(report.Step, report.Time, Scalars(report));
        Show(report);
    }

    /// <summary>What went on since the last losses was no training, and is not counted as such.</summary>
    public void OnPause() => _clock.Restart();

    /// <summary>A checkpoint is durable. Any thread may say so.</summary>
    /// <param name="checkpoint">Which one.</param>
    /// <param name="bytes">All its files together.</param>
    /// <param name="took">Its writing, beside the training.</param>
    public void OnCheckpoint(KeptCheckpoint checkpoint, long bytes, TimeSpan took) => _context.Progress.ReportCheckpoint(checkpoint, bytes, took);

    /// <summary>What was measured on the validation set.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="metrics">By name, such as <c>top1</c>.</param>
    public void OnValidation(long step, IReadOnlyDictionary<string, double> metrics)
    {
        _context.Progress.ReportValidation(metrics);
        Open(stepsDone: 0);
        _log!.Append(step, Now, metrics);
        _events!.Scalars(step, Now, metrics.Select(metric => ($"validation/{metric.Key}", (double?)metric.Value)));
    }

    /// <summary>Something to look at, such as a reconstruction.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="name">What it shows, such as <c>reconstruction/clip-0</c>.</param>
    /// <param name="png">A PNG of 8-bit RGB.</param>
    public void OnPicture(long step, string name, ReadOnlySpan<byte> png)
    {
        Open(stepsDone: 0);
        _events!.Image(step, Now, name, png);
    }

    /// <summary>Forces what was told to disk; comes before the checkpoint that follows it. Any thread may call it.</summary>
    public void Flush() => _log?.Flush();

    public void Dispose()
    {
        _log?.Dispose();
        _events?.Dispose();
    }

    private DateTimeOffset Now => _context.TimeProvider.GetUtcNow();

    private void Open(long stepsDone)
    {
        _log ??= new MetricsLog(_context.Artifacts.Metrics, stepsDone);
        _events ??= new EventFile(_context.Artifacts.Events, _context.Attempt, stepsDone, Now);
    }

    private static IEnumerable<(string Tag, double? Value)> Scalars(TrainingReport report) =>
    [
        ("train/loss", report.Loss),
        ("train/rate", report.Rate),
        ("train/gradient_norm", report.GradientNorm),
        ("train/skipped", report.Skipped),
        ("speed/clips_per_second", report.ClipsPerSecond),
        ("speed/step_seconds", report.StepSeconds),
        ("speed/wait_share", report.WaitShare),
        ("speed/mfu", report.Mfu),
    ];

    /// <summary>One line on the console now and then, and at the last step.</summary>
    private void Show(TrainingReport report)
    {
        bool isDue = _lastShown is not { } last || _context.TimeProvider.GetElapsedTime(last) >= _consoleInterval;
        if (isDue || report.Step == _optimization.Steps)
        {
            _lastShown = _context.TimeProvider.GetTimestamp();
            LogProgress(_logger, ProgressLine.Of(_context.Progress.Snapshot()));
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Line}")]
    private static partial void LogProgress(ILogger logger, string line);

    [LoggerMessage(2, LogLevel.Information, "A step is {TeraFlop:0.###} TFLOP; MFU is counted against {Peak}.")]
    private static partial void LogSpeed(ILogger logger, double teraFlop, DevicePeak peak);
}
