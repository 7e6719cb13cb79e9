using k8s.Models;
using Ppma.Api.Datasets;

namespace Ppma.Operator.Datasets;

/// <summary>What is to be done about a data set: a Job, after which it is decided again; or, when none is due, a status, and what it makes superfluous.</summary>
internal sealed record DatasetDecision
{
    /// <summary>Number of the attempt that begins now; null for none.</summary>
    public int? Start { get; init; }

    /// <summary>To be written where it differs.</summary>
    public required VideoDatasetStatus Status { get; init; }

    /// <summary>To be told once the status is written.</summary>
    public IReadOnlyList<DatasetEvent> Events { get; init; } = [];

    /// <summary>Jobs to delete once the status is written.</summary>
    public IReadOnlyList<V1Job> Delete { get; init; } = [];

    /// <summary>The generation whose task is needed no more; null for none.</summary>
    public long? RetiredGeneration { get; init; }

    /// <summary>When to look again even if nothing changes.</summary>
    public TimeSpan? RequeueAfter { get; init; }
}
