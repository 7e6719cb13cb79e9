using k8s.Models;
using Ppma.Api.Conditions;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Attempts;

/// <summary>Why a Job has no pod.</summary>
internal static class JobWait
{
    public static PendingWhy Of(V1Job job, IEnumerable<Corev1Event> events)
    {
        string name = job.Metadata.Name;
        if (job.Spec?.Suspend == true)
        {
            return new(
                Reason.WaitingForQuota,
                job.Metadata.Labels is { } labels && labels.TryGetValue(Labels.Queue, out string? queue)
                    ? $"Job {name} waits in queue {queue} for quota."
                    : $"Job {name} is suspended by somebody (its spec.suspend is true); set it to false to let it begin.");
        }

        return LatestEvents.Of(events, job.Metadata, "FailedCreate", "SuccessfulCreate") is { Reason: "FailedCreate", Message: var message }
            ? new(ReasonOf(message ?? ""), $"Job {name} cannot make its pod: {message}")
            : new(Reason.WaitingForPod, $"Job {name} has no pod yet.");
    }

    private static Reason ReasonOf(string message) =>
        Says(message, "exceeded quota", "failed quota", "forbidden: maximum ", "forbidden: minimum ") ? Reason.QuotaExceeded
        : Says(message, "forbidden", "is invalid", "denied the request", "not found") ? Reason.PodRefused
        : Reason.WaitingForPod;

    private static bool Says(string message, params ReadOnlySpan<string> phrases)
    {
        foreach (string phrase in phrases)
        {
            if (message.Contains(phrase, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
