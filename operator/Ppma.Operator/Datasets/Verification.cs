using k8s.Models;
using Ppma.Operator.Attempts;

namespace Ppma.Operator.Datasets;

/// <summary>One attempt at verifying a data set.</summary>
/// <param name="Attempt">Its number.</param>
/// <param name="Job">Its Job; null when somebody deleted it.</param>
/// <param name="View">What Job, pods and events tell.</param>
internal sealed record Verification(int Attempt, V1Job? Job, AttemptView View)
{
    /// <summary>When its Events will be asked for if nothing happens before.</summary>
    public DateTime? EventsDue { get; init; }
}
