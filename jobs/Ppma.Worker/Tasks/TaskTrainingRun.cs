using Microsoft.Extensions.Logging;
using Ppma.Api.Tasks;
using Ppma.Learning.Checkpoints;
using Ppma.Learning.Models;
using Ppma.Learning.Training;
using Ppma.Video.Loading;
using Ppma.Worker.Execution;
using Ppma.Worker.Tracking;

namespace Ppma.Worker.Tasks;

/// <summary>Connects the training loop to the task's folder and to those who watch.</summary>
internal sealed partial class TaskTrainingRun : ITrainingRun, IDisposable
{
    private readonly TaskContext _context;
    private readonly TaskCheckpoints _checkpoints;
    private readonly CheckpointWriter _writer;
    private readonly OptimizationSpec _optimization;
    private readonly WeightsInput _weights;
    private readonly TrainingViews _views;
    private readonly TrainingTracker _tracker;
    private readonly StageInspection? _inspection;
    private readonly ILogger _logger;
    private LossCurve? _curve;
    private long _reportedDamaged;

    public TaskTrainingRun(
        TaskContext context, OptimizationSpec optimization, WeightsInput weights, TrainingViews views, StageInspection? inspection = null)
    {
        _inspection = inspection;
        _context = context;
        _optimization = optimization;
        _weights = weights;
        _views = views;
        context.Damaged.Add(views.Damaged);
        context.Progress.ReportEpochs(optimization.StepsPerEpoch(views.Order.Counts));
        _checkpoints = new TaskCheckpoints(context);
        _writer = new CheckpointWriter(Save);
        _tracker = new TrainingTracker(context, optimization, TaskWork.Speed(context));
        _logger = context.LoggerFactory.CreateLogger<TaskTrainingRun>();
    }

    public IReadOnlyList<KeptCheckpoint> KeptCheckpoints => _checkpoints.Kept();

    public LossCurve Curve => _curve ??= LossCurve.Open(_context.Artifacts.Curve, stepsDone: 0);

    /// <exception cref="TaskFailedException">68 when the checkpoint was written in another order, or over other data.</exception>
    public StoredCheckpoint? LoadCheckpoint()
    {
        StoredCheckpoint? checkpoint = _checkpoints.Load();
        if (checkpoint?.State.Stream is { } then && then.DifferenceTo(_views.Order.StateAfter(checkpoint.State.Step)) is { } difference)
        {
            using (checkpoint)
            {
                throw new TaskFailedException(
                    ExitCodes.NoUsableCheckpoint,
                    $"Checkpoint '{checkpoint.Folder}' was written over other data or in another order: {difference} now. " +
                    $"Go on with the task and the data that it was written with, or remove '{_context.Artifacts.Checkpoints}' to begin again.");
            }
        }

        return checkpoint;
    }

    public void LoadInitialWeights(VideoModel model) => InitialWeights.Load(_weights, model, _context);

    public void SaveCheckpoint(TrainingState state, IReadOnlyList<TensorGroup> tensors)
    {
        TrainingState whole = state with
        {
            Stream = _views.Order.StateAfter(state.Step), Metrics = _inspection?.Validation?.MetricsAt(state.Step),
        };
        _writer.Begin(whole, tensors);
        _tracker.OnPause();
    }

    public CheckpointManifest AwaitCheckpoint() => _writer.Finish();

    public void OnContinue(TrainingState state, IReadOnlyList<string> environmentChanges)
    {
        _context.Artifacts.WhileOwner(() =>
        {
            _curve = LossCurve.Open(_context.Artifacts.Curve, state.Step);
            _tracker.OnContinue(state.Step);
        });
        _inspection?.Validation?.ContinueAt(state.Step);
        LogContinuing(_logger, state.Step, _optimization.Steps);
        foreach (string change in environmentChanges)
        {
            LogEnvironmentChanged(_logger, change);
        }
    }

    public void OnStep(long stepsDone, TimeSpan waited)
    {
        _writer.ThrowIfFailed();
        _tracker.OnStep(stepsDone, waited);
    }

    public bool Inspects(long stepsDone) => _inspection?.IsDue(stepsDone) ?? false;

    public void Inspect(long stepsDone, VideoModel model)
    {
        _inspection!.Run(stepsDone, model, _tracker);
        _tracker.OnPause();
    }

    public bool Keeps(long stepsDone) => _inspection?.Validation?.Best?.Step == stepsDone;

    public void OnLosses(IReadOnlyList<StepLoss> losses)
    {
        _context.Artifacts.WhileOwner(() =>
        {
            Curve.Append(losses);
            _tracker.OnLosses(losses);
        });
        long damaged = _views.Damaged.Count;
        _context.Progress.ReportDamaged(damaged - _reportedDamaged);
        _reportedDamaged = damaged;
    }

    public void Dispose()
    {
        _writer.Dispose();
        _tracker.Dispose();
        _curve?.Dispose();
    }

    /// <summary>Runs beside the training.</summary>
    private CheckpointManifest Save(CheckpointSnapshot snapshot)
    {
        // The losses before the checkpoint that follows them: a curve has no gap.
        long started = _context.TimeProvider.GetTimestamp();
        _curve?.Flush();
        _tracker.Flush();
        CheckpointManifest manifest = _checkpoints.Save(snapshot);
        _tracker.OnCheckpoint(_checkpoints.Describe(manifest), manifest.Files.Sum(file => file.Bytes), _context.TimeProvider.GetElapsedTime(started));
        return manifest;
    }
}
