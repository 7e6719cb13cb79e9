using Ppma.Api.Tasks;
using Ppma.Datasets;
using Ppma.Datasets.Caching;
using Ppma.Datasets.Stores;
using Ppma.Learning.Checkpoints;
using Ppma.Learning.Training;
using Ppma.Video.Loading;
using Ppma.Worker.Execution;

namespace Ppma.Worker.Tasks;

/// <summary>Which exit code a failure of the libraries has: the one place that decides who pays for it.</summary>
internal static class TaskFaults
{
    /// <summary>Runs <paramref name="compute"/>; whatever it throws that has a meaning for the operator leaves as that.</summary>
    public static T Explain<T>(Func<T> compute)
    {
        try
        {
            return compute();
        }
        catch (Exception e) when (Translate(e) is { } meaning)
        {
            throw meaning;
        }
    }

    /// <summary>
    /// As <see cref="Explain"/>, for what comes before anything was computed: nothing there or no permission is then a mistake in the
    /// manifest. Later attempts have read the data before, so a permission that is missing then was withdrawn, and may come back.
    /// </summary>
    public static T AtStart<T>(TaskContext context, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (StoreException e) when (e.Failure == StoreFailure.NotFound || (e.Failure == StoreFailure.PermissionDenied && context.Attempt == 1))
        {
            throw new TaskFailedException(ExitCodes.BadSpec, e.Message, e);
        }
    }

    private static Exception? Translate(Exception exception) => exception switch
    {
        TrainingInterruptedException e => new TaskInterruptedException(e.Step),
        TrainingDivergedException => new TaskFailedException(ExitCodes.Diverged, exception.Message, exception),
        DatasetFormatException or DamagedDatasetException => new TaskFailedException(ExitCodes.DataDigestMismatch, exception.Message, exception),
        // The arguments of loading that come from outside: PPMA_MEMORY_BYTES, and clips that are kept at a size below the model's.
        ArgumentException { ParamName: "memoryBytes" } => new TaskFailedException(ExitCodes.BadSpec, exception.Message, exception),
        ArgumentException { ParamName: "cropSize" } => new TaskFailedException(ExitCodes.BadSpec, $"clip.shortSide: {exception.Message}", exception),
        StoreException e => new TaskFailedException(ExitCodeOf(e.Failure), exception.Message, exception),
        ShardCacheException e => new TaskFailedException(
            e.Fault is ShardCacheFault.Foreign or ShardCacheFault.LimitTooSmall ? ExitCodes.BadSpec : ExitCodes.StorageOrNetwork, exception.Message, exception),
        NoUsableCheckpointException or CheckpointFormatException or WeightsMismatchException =>
            new TaskFailedException(ExitCodes.NoUsableCheckpoint, exception.Message, exception),
        _ => null,
    };

    private static int ExitCodeOf(StoreFailure failure) => failure switch
    {
        // A secret that is renewed heals the next attempt.
        StoreFailure.Unavailable or StoreFailure.ShortRead or StoreFailure.PermissionDenied => ExitCodes.StorageOrNetwork,

        // The index was read, and what it lists is gone or replaced.
        StoreFailure.Changed or StoreFailure.NotFound => ExitCodes.DataDigestMismatch,
        _ => ExitCodes.BadSpec,
    };
}
