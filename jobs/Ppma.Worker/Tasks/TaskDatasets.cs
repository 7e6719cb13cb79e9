using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Reading;
using Ppma.Worker.Execution;

namespace Ppma.Worker.Tasks;

/// <summary>Opens the data sets of a task and checks them against what was promised when it was resolved.</summary>
internal static class TaskDatasets
{
    /// <exception cref="TaskFailedException">
    /// 66 when the footage shows other people than the task says or may read; 64 or 40 when the data set cannot be opened (<see cref="TaskFaults.AtStart"/>).
    /// </exception>
    public static Dataset Open(TaskContext context, DatasetInput input, bool allowRealHumans, CancellationToken cancellationToken)
    {
        Dataset dataset = TaskFaults.AtStart(context, () => context.Data.OpenAsync(input, cancellationToken).GetAwaiter().GetResult());
        Humans declared = dataset.Index.Humans.ToHumans();
        if (declared != input.Humans)
        {
            throw new TaskFailedException(
                ExitCodes.PrivacyViolation,
                $"Data set '{input.Name}' at {input.Uri} declares humans {declared} in its index, but the task was resolved with {input.Humans}. " +
                "Correct 'humans' of the VideoDataset, or name the data set that was meant.");
        }

        return declared == Humans.Real && !allowRealHumans
            ? throw new TaskFailedException(
                ExitCodes.PrivacyViolation,
                $"Data set '{input.Name}' at {input.Uri} shows real people and this run forbids them (privacy.realHumans: Forbidden). " +
                "Use footage without real people, or set privacy.realHumans: Allowed.")
            : dataset;
    }

    /// <summary>A classification needs a class on every clip.</summary>
    /// <exception cref="TaskFailedException">64 when the data set has none.</exception>
    public static void RequireClasses(DatasetInput input, Dataset dataset)
    {
        if (dataset.Index.Classes.Count == 0)
        {
            throw new TaskFailedException(
                ExitCodes.BadSpec,
                $"Data set '{input.Name}' at {input.Uri} has no classes, so no classifier can learn from it. Use it for MaskedAutoencoding, or pack it with labels.");
        }
    }

    public static Humans ToHumans(this HumanPresence presence) => presence switch
    {
        HumanPresence.None => Humans.None,
        HumanPresence.Removed => Humans.Removed,
        HumanPresence.Synthetic => Humans.Synthetic,
        _ => Humans.Real,
    };
}
