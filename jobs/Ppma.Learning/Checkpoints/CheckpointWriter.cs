using System.Runtime.ExceptionServices;

namespace Ppma.Learning.Checkpoints;

/// <summary>
/// Writes checkpoints beside the training, one at a time. Training waits only where one is due while the last is still being written: so
/// there is never more than one snapshot in memory.
/// </summary>
/// <param name="save">Makes a snapshot durable; runs on a thread of its own.</param>
public sealed class CheckpointWriter(Func<CheckpointSnapshot, CheckpointManifest> save) : IDisposable
{
    private Task<CheckpointManifest>? _writing;

    /// <summary>Copies the run as it is now and begins to write it. What went wrong with the one before is thrown here.</summary>
    public void Begin(TrainingState state, IReadOnlyList<TensorGroup> groups)
    {
        _writing?.GetAwaiter().GetResult();
        CheckpointSnapshot snapshot = CheckpointSnapshot.Take(state, groups);
        _writing = Task.Factory.StartNew(() => Save(snapshot), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Throws what went wrong in the background, if anything did; never waits.</summary>
    public void ThrowIfFailed()
    {
        if (_writing is { IsFaulted: true, Exception.InnerException: { } cause })
        {
            ExceptionDispatchInfo.Throw(cause);
        }
    }

    /// <summary>Waits until the last checkpoint is durable.</summary>
    /// <exception cref="InvalidOperationException">None was begun.</exception>
    public CheckpointManifest Finish() =>
        (_writing ?? throw new InvalidOperationException("No checkpoint was begun.")).GetAwaiter().GetResult();

    /// <summary>Waits for a write that is under way, whatever becomes of it: its files must not be touched by two.</summary>
    public void Dispose()
    {
        if (_writing is not null)
        {
            _ = Task.WhenAny(_writing).GetAwaiter().GetResult();
        }
    }

    private CheckpointManifest Save(CheckpointSnapshot snapshot)
    {
        using (snapshot)
        {
            return save(snapshot);
        }
    }
}
