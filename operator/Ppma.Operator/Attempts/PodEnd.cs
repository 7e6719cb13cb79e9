using System.Text;
using System.Text.Json;
using k8s.Models;
using Ppma.Api.Tasks;

namespace Ppma.Operator.Attempts;

/// <summary>How a pod's worker ended, from the pod's status alone.</summary>
internal static class PodEnd
{
    /// <summary>Clocks of nodes and of the server may differ by so much: what happened so close together is taken as cause and effect.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>A node that has not ended a deleted pod so long after its grace period will not.</summary>
    private static readonly TimeSpan NodeSilence = TimeSpan.FromMinutes(1);

    /// <summary>Runtimes tell this of a container that never started.</summary>
    private static readonly DateTime NeverStarted = new(1980, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Whether any process of the pod may still be running, or may yet start.</summary>
    public static bool MayRun(V1Pod pod) => pod.Status?.Phase is not ("Succeeded" or "Failed");

    /// <summary>The end; null while the worker runs or may yet start.</summary>
    public static AttemptEnd? Of(V1Pod pod, DateTime now)
    {
        var status = Worker.StatusOf(pod);
        if (status?.State?.Terminated is { } terminated)
        {
            return OfWorker(pod, terminated);
        }

        if (!MayRun(pod))
        {
            return OfPodWithoutWorker(pod);
        }

        return pod.Metadata.DeletionTimestamp is { } deadline && pod.Spec?.NodeName is { Length: > 0 } node && now - deadline > NodeSilence
            ? About(pod) with
            {
                Cause = EndCause.NodeLost,
                StartedAt = status?.State?.Running?.StartedAt,
                FinishedAt = deadline,
                Text = $"the pod was deleted, and node {node} has not ended it in its grace period",
            }
            : null;
    }

    private static AttemptEnd OfWorker(V1Pod pod, V1ContainerStateTerminated terminated)
    {
        var (cause, why) = CauseOf(pod, terminated.FinishedAt);
        var message = Parse(terminated.Message);
        return About(pod) with
        {
            Cause = cause == EndCause.Exited || cause == EndCause.Deleted ? (terminated.Reason == "OOMKilled" ? EndCause.OutOfMemory : cause) : cause,
            ExitCode = terminated.ExitCode,
            Message = message,
            Text = message is not null ? why : Joined(why, terminated.Message ?? ""),
            StartedAt = terminated.StartedAt is { } started && started > NeverStarted ? started : null,
            FinishedAt = terminated.FinishedAt,
        };
    }

    private static AttemptEnd OfPodWithoutWorker(V1Pod pod)
    {
        var (cause, why) = CauseOf(pod, finishedAt: null);
        var failed = pod.Status.InitContainerStatuses?.FirstOrDefault(status => status.State?.Terminated is { ExitCode: not 0 });
        return cause == EndCause.Exited && failed is { State.Terminated: { } terminated }
            ? About(pod) with
            {
                Cause = EndCause.NeverStarted,
                FinishedAt = terminated.FinishedAt,
                Text = Joined($"init container {failed.Name} ended with exit code {terminated.ExitCode}", terminated.Message ?? terminated.Reason ?? ""),
            }
            : About(pod) with
            {
                Cause = cause == EndCause.Exited ? EndCause.Disrupted : cause,
                Text = Joined(why, why.Length == 0 ? "the pod ended without its worker" : ""),
            };
    }

    private static (EndCause Cause, string Why) CauseOf(V1Pod pod, DateTime? finishedAt)
    {
        bool After(DateTime? happened) => finishedAt is null || happened is null || happened - ClockSkew <= finishedAt;

        string why = Joined(pod.Status.Reason ?? "", pod.Status.Message ?? "");
        var disruption = pod.Status.Conditions?.FirstOrDefault(condition => condition is { Type: "DisruptionTarget", Status: "True" });
        if (disruption is not null && After(disruption.LastTransitionTime))
        {
            // Pods of nodes that are no more are collected; all other disruptions leave the node.
            return (disruption.Reason == "DeletionByPodGC" ? EndCause.NodeLost : EndCause.Disrupted, Joined(disruption.Reason ?? "", disruption.Message ?? ""));
        }

        if (pod.Status.Reason is { Length: > 0 } reason)
        {
            return reason switch
            {
                "NodeLost" => (EndCause.NodeLost, why),
                "Evicted" when OverItsOwnLimit(pod.Status.Message) => (EndCause.OutOfStorage, why),
                _ => (EndCause.Disrupted, why),
            };
        }

        return pod.Metadata.DeletionTimestamp is { } deadline
            && After(deadline - TimeSpan.FromSeconds(pod.Metadata.DeletionGracePeriodSeconds ?? 0))
            ? (EndCause.Deleted, "the pod was deleted")
            : (EndCause.Exited, why);
    }

    // The kubelet's words for local storage (eviction manager), where no other pod or node is to blame.
    private static bool OverItsOwnLimit(string? message) =>
        message is not null
        && (message.Contains("exceeds the limit", StringComparison.Ordinal)
            || message.Contains("exceeds the total limit", StringComparison.Ordinal)
            || message.Contains("exceeded its local ephemeral storage limit", StringComparison.Ordinal));

    private static TerminationMessage? Parse(string? message)
    {
        if (message is not { Length: > 0 } || message[0] != '{')
        {
            return null;
        }

        try
        {
            return TaskJson.DeserializeReport<TerminationMessage>(Encoding.UTF8.GetBytes(message));
        }
        catch (JsonException)
        {
            // Cut short, or another program's: its text is still for people.
            return null;
        }
    }

    private static AttemptEnd About(V1Pod pod) => new()
    {
        Cause = EndCause.Exited,
        Pod = pod.Metadata.Name,
        Node = pod.Spec?.NodeName is { Length: > 0 } node ? node : null,
    };

    private static string Joined(string first, string second) =>
        first.Length == 0 ? second.Trim() : second.Length == 0 ? first : $"{first}: {second.Trim()}";
}
