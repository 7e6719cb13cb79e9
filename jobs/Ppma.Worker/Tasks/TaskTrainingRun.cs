using Microsoft.Extensions.Logging;
using Ppma.Api.Tasks;
using Ppma.Learning.Checkpoints;
using Ppma.Learning.Models;
using Ppma.Learning.Optimization;
using Ppma.Learning.Training;
using Ppma.Worker.Execution;

namespace Ppma.Worker.Tasks;

/// <summary>Connects the training loop to the task's folder and to those who watch.</summary>
internal sealed partial class TaskTrainingRun : ITrainingRun, IDisposable
{
    private readonly TaskContext _context;
    private readonly CheckpointStore _checkpoints;
    private readonly OptimizationSpec _optimization;
    private readonly Func<long> _damagedClips;
    private readonly ILogger _logger;
    private LossCurve? _curve;
    private long _reportedDamaged;

    public TaskTrainingRun(TaskContext context, OptimizationSpec optimization, Func<long> damagedClips)
    {
        _context = context;
        _optimization = optimization;
        _damagedClips = damagedClips;
        _checkpoints = new CheckpointStore(context.Artifacts.Checkpoints, context.Task.Checkpoint.KeepLast);
        _logger = context.LoggerFactory.CreateLogger<TaskTrainingRun>();
    }

    public LossCurve Curve => _curve ??= LossCurve.Open(_context.Artifacts.Curve, stepsDone: 0);

    public StoredCheckpoint? LoadCheckpoint()
    {
        StoredCheckpoint? checkpoint = _checkpoints.Load();
        foreach (string skipped in checkpoint?.Skipped ?? [])
        {
            LogSkippedCheckpoint(_logger, skipped);
        }

        return checkpoint;
    }

    public CheckpointManifest SaveCheckpoint(TrainingState state, VideoModel model, FusedAdamW optimizer)
    {
        Curve.Flush();
        CheckpointManifest? manifest = null;
        _context.Artifacts.WhileOwner(() => manifest = _checkpoints.Save(state, model, optimizer));
        LogSaved(_logger, state.Step);
        return manifest!;
    }

    public void OnContinue(TrainingState state, IReadOnlyList<string> environmentChanges)
    {
        _curve = LossCurve.Open(_context.Artifacts.Curve, state.Step);
        LogContinuing(_logger, state.Step, _optimization.Steps);
        foreach (string change in environmentChanges)
        {
            LogEnvironmentChanged(_logger, change);
        }
    }

    public void OnStep(long stepsDone) =>
        _context.Progress.Report("training", stepsDone, _optimization.Steps, _optimization.BatchSize);

    public void OnLosses(IReadOnlyList<StepLoss> losses)
    {
        Curve.Append(losses);
        _context.Progress.Report("training", losses[^1].Step, _optimization.Steps, 0, losses.Average(loss => (double)loss.Loss));
        long damaged = _damagedClips();
        _context.Progress.ReportDamaged(damaged - _reportedDamaged);
        _reportedDamaged = damaged;
    }

    public void Dispose() => _curve?.Dispose();
}
