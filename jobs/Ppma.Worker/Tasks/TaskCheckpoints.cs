using Microsoft.Extensions.Logging;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;
using Ppma.Learning.Checkpoints;
using Ppma.Worker.Artifacts;
using Ppma.Worker.Execution;

namespace Ppma.Worker.Tasks;

/// <summary>The checkpoints of a task: where they come from and where they go.</summary>
internal sealed partial class TaskCheckpoints
{
    private readonly TaskContext _context;
    private readonly CheckpointRetention _retention;
    private readonly CheckpointStore _own;
    private readonly ILogger _logger;

    public TaskCheckpoints(TaskContext context)
    {
        _context = context;
        CheckpointPolicy policy = context.Task.Checkpoint;
        _retention = new CheckpointRetention(policy.KeepLast)
        {
            KeepEverySteps = policy.KeepEverySteps, BestMetric = policy.Best?.Metric, MoreIsBetter = policy.Best?.Mode == BestMode.Max,
        };
        _own = new CheckpointStore(context.Artifacts.Checkpoints, _retention) { InputDigest = context.Task.InputDigest };
        _logger = context.LoggerFactory.CreateLogger<TaskCheckpoints>();
    }

    /// <summary>The newest usable checkpoint of the task itself, or else of the run that it goes on from; null where there is neither.</summary>
    /// <exception cref="TaskFailedException">64 when the other run left none.</exception>
    /// <exception cref="NoUsableCheckpointException">There are some, and none can be used.</exception>
    public StoredCheckpoint? Load()
    {
        StoredCheckpoint? checkpoint = _own.Load() ?? (_context.Task.PretrainStage?.Resume is { } resume ? LoadOf(resume) : null);
        foreach (string skipped in checkpoint?.Skipped ?? [])
        {
            LogPassedOver(_logger, skipped, checkpoint!.Folder);
        }

        return checkpoint;
    }

    /// <summary>Makes a checkpoint durable where the task's artifacts are.</summary>
    /// <exception cref="TaskFailedException">44 when another attempt took over; 40 when storage refuses.</exception>
    public CheckpointManifest Save(CheckpointSnapshot snapshot)
    {
        CheckpointManifest manifest;
        try
        {
            manifest = _own.Save(snapshot, _context.Artifacts.WhileOwner);
        }
        catch (Exception e) when (StorageFailure.Explains(e))
        {
            // Whoever took over removes what it finds half written; that is no fault of the disk.
            _context.Artifacts.WhileOwner(() => { });
            throw StorageFailure.ToTaskFailure(e, Path.Combine(_context.Artifacts.Checkpoints, "*"));
        }

        _context.Artifacts.PublishCheckpoint(manifest, _retention, _own.Best?.Step);
        LogSaved(_logger, manifest.Step);
        return manifest;
    }

    /// <summary>How a checkpoint of this task is named to others.</summary>
    public KeptCheckpoint Describe(CheckpointManifest manifest) => new()
    {
        Step = manifest.Step,
        Path = _context.Artifacts.RelativeToRun(Path.Combine(_context.Artifacts.Checkpoints, manifest.FolderName)),
        Digest = manifest.ModelDigest,
    };

    /// <summary>What others can start from: the best, those kept for good, and the last; newest first.</summary>
    public IReadOnlyList<KeptCheckpoint> Kept()
    {
        long? best = _own.Best?.Step;
        IReadOnlyList<CheckpointManifest> all = _own.Manifests;
        return
        [
            .. all.Where(manifest => manifest.Step == all[0].Step || manifest.Step == best || _retention.KeepsForGood(manifest.Step))
                .Select(manifest => Describe(manifest) with { Best = manifest.Step == best }),
        ];
    }

    private StoredCheckpoint LoadOf(ResumeInput resume)
    {
        string folder = RemoteFiles.MaterializeCheckpoints(_context.Data, resume, Store);
        StoredCheckpoint checkpoint = Store(folder).Load() ?? throw new TaskFailedException(
            ExitCodes.BadSpec,
            $"There is no checkpoint to go on from at pretrainStage.resume.uri '{resume.Uri}'. Name the folder of the other run's checkpoints of stage '{_context.Task.PretrainStage!.Name}'.");
        string curve = Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder))!, Path.GetFileName(_context.Artifacts.Curve));
        if (File.Exists(curve))
        {
            _context.Artifacts.Publish(_context.Artifacts.Curve, File.ReadAllBytes(curve));
        }

        LogResuming(_logger, checkpoint.Folder, resume.Uri);
        return checkpoint;

        CheckpointStore Store(string root) => new(root, _retention) { InputDigest = _context.Task.InputDigest };
    }

    [LoggerMessage(1, LogLevel.Information, "Checkpoint of step {Step} is saved.")]
    private static partial void LogSaved(ILogger logger, long step);

    [LoggerMessage(2, LogLevel.Warning, "Checkpoint {Skipped}. It is passed over, and the training goes on from {Used}.")]
    private static partial void LogPassedOver(ILogger logger, string skipped, string used);

    [LoggerMessage(3, LogLevel.Information, "Going on from {Folder} of the run at {Uri}.")]
    private static partial void LogResuming(ILogger logger, string folder, string uri);
}
