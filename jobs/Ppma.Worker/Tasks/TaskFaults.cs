using Ppma.Api.Tasks;
using Ppma.Datasets;
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

    private static Exception? Translate(Exception exception) => exception switch
    {
        TrainingInterruptedException e => new TaskInterruptedException(e.Step),
        TrainingDivergedException => new TaskFailedException(ExitCodes.Diverged, exception.Message, exception),
        DatasetFormatException or DamagedDatasetException => new TaskFailedException(ExitCodes.DataDigestMismatch, exception.Message, exception),
        StoreException { Failure: StoreFailure.Unavailable or StoreFailure.ShortRead } =>
            new TaskFailedException(ExitCodes.StorageOrNetwork, exception.Message, exception),
        StoreException => new TaskFailedException(ExitCodes.BadSpec, exception.Message, exception),
        NoUsableCheckpointException or CheckpointFormatException or WeightsMismatchException =>
            new TaskFailedException(ExitCodes.NoUsableCheckpoint, exception.Message, exception),
        _ => null,
    };
}
