using k8s.Models;
using Ppma.Operator.Attempts;

namespace Ppma.Operator.Runs;

/// <summary>One attempt of a stage.</summary>
/// <param name="Stage">The stage's name.</param>
/// <param name="Number">From 1.</param>
/// <param name="Job">Its Job; null when the API server has none.</param>
/// <param name="View">What Job and pods tell.</param>
internal sealed record ObservedAttempt(string Stage, int Number, V1Job? Job, AttemptView View)
{
    /// <summary>When its Events will be asked for if nothing happens before.</summary>
    public DateTime? EventsDue { get; init; }

    public bool IsDeleting => Job?.Metadata.DeletionTimestamp is not null;

    /// <summary>Since when it counts: from its Job, or from when its queue let it go (Kubernetes sets startTime then).</summary>
    public DateTime? ClockStart => Job?.Status?.StartTime ?? Job?.Metadata.CreationTimestamp;
}
