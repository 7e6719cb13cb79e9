using Ppma.Api.Conditions;

namespace Ppma.Operator.Attempts;

/// <summary>Why an attempt's worker does not run yet.</summary>
/// <param name="Reason">In one word.</param>
/// <param name="Message">For people: whose word it is, and the scheduler's, node's or server's own.</param>
internal sealed record PendingWhy(Reason Reason, string Message)
{
    /// <summary>Waiting for quota: neither the startup nor the active clock runs.</summary>
    public bool IsQueued => Reason == Reason.WaitingForQuota;

    /// <summary>No node has it yet.</summary>
    public bool IsUnscheduled => Reason is Reason.WaitingForQuota or Reason.WaitingForPod or Reason.Unschedulable or Reason.QuotaExceeded or Reason.PodRefused;

    /// <summary>The cluster said that it adds a node for it, so that the scale-up deadline counts.</summary>
    public bool ScaleUpSeen { get; init; }
}
