using k8s.Models;
using Ppma.Api.Datasets;
using Ppma.Operator.Attempts;
using Ppma.Operator.Runs;

namespace Ppma.Operator.Datasets;

/// <summary>A data set, what verifies it, and the time.</summary>
internal sealed record DatasetObservation
{
    public required VideoDataset Dataset { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>The verification that is under way, or whose end is in no status yet; null when there is none.</summary>
    public Verification? Verification { get; init; }

    /// <summary>Jobs of verifications that are over and recorded, or were given up.</summary>
    public IReadOnlyList<V1Job> Leftovers { get; init; } = [];

    /// <summary>Why the next Job cannot be created; null when it was not tried, or was.</summary>
    public Refusal? Refusal { get; init; }

    public VideoDatasetStatus Status => Dataset.Status ?? new();

    public long Generation => Dataset.Metadata.Generation ?? 0;

    /// <summary>Number of the attempt that would come next. After the last number that fits into a name comes the first again, whose Job is long gone.</summary>
    public int NextAttempt => ((Verification?.Attempt ?? Status.Attempt) % Pods.Names.MostAttempts) + 1;

    /// <summary>The observation after the Job of the next attempt was created, or found to be there with its pods.</summary>
    public DatasetObservation With(int attempt, V1Job job, IReadOnlyList<V1Pod> pods) => this with
    {
        Verification = new(attempt, job, AttemptView.Of(job, pods, [], Now.UtcDateTime)),
        Leftovers = Verification?.Job is { } before && before.Metadata.Uid != job.Metadata.Uid ? [.. Leftovers, before] : Leftovers,
    };
}
