using k8s.Models;
using Ppma.Api.Conditions;

namespace Ppma.Operator.Attempts;

/// <summary>Why a pod's worker does not run yet: first the scheduler's word, then the node's, then what events say.</summary>
internal static class PodWait
{
    public static PendingWhy Of(V1Pod pod, IEnumerable<Corev1Event> events)
    {
        var known = events as IReadOnlyCollection<Corev1Event> ?? [.. events];
        return Scheduling(pod, known) ?? Containers(pod) ?? Events(pod, known) ?? new(
            Reason.Starting, $"Pod {pod.Metadata.Name} is being started on node {pod.Spec.NodeName}.");
    }

    private static PendingWhy? Scheduling(V1Pod pod, IReadOnlyCollection<Corev1Event> events)
    {
        var scheduled = pod.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "PodScheduled");
        if (pod.Spec?.NodeName is { Length: > 0 })
        {
            return null;
        }

        if (scheduled is { Status: "False", Reason: "SchedulingGated" })
        {
            return new(Reason.WaitingForQuota, $"Pod {pod.Metadata.Name} is held back by a scheduling gate: {scheduled.Message}");
        }

        bool scalesUp = LatestEvents.Of(events, pod.Metadata, "TriggeredScaleUp", "Nominated", "NotTriggerScaleUp")
            is { Reason: "TriggeredScaleUp" or "Nominated" };
        string message = scheduled is { Status: "False" }
            ? $"Pod {pod.Metadata.Name} has no node: {scheduled.Message}"
            : $"Pod {pod.Metadata.Name} has no node, and no scheduler ({pod.Spec?.SchedulerName ?? "default-scheduler"}) has said why.";
        return new(Reason.Unschedulable, scalesUp ? $"{message} The cluster is adding a node for it." : message) { ScaleUpSeen = scalesUp };
    }

    private static PendingWhy? Containers(V1Pod pod)
    {
        V1ContainerStatus[] statuses = [.. pod.Status?.InitContainerStatuses ?? [], .. pod.Status?.ContainerStatuses ?? []];
        foreach (var status in statuses)
        {
            if (status.State?.Waiting is { Reason: { Length: > 0 } reason } waiting && ReasonOf(reason, waiting.Message ?? "") is { } known)
            {
                return new(known, $"Container {status.Name} of pod {pod.Metadata.Name} waits: {reason}: {waiting.Message}");
            }
        }

        return pod.Status?.InitContainerStatuses?.FirstOrDefault(status => status is { State.Running: not null, Started: not true }) is { } running
            ? new(Reason.Starting, $"Init container {running.Name} of pod {pod.Metadata.Name} runs.")
            : null;
    }

    private static Reason? ReasonOf(string waiting, string message) => waiting switch
    {
        "ContainerCreating" or "PodInitializing" => null,
        "ErrImagePull" or "ImagePullBackOff" or "InvalidImageName" or "ErrImageNeverPull" or "ImageInspectError" or "RegistryUnavailable"
            or "SignatureValidationFailed" => Reason.ImagePullFailed,
        "CreateContainerConfigError" when IsMissingObject(message) => Reason.MissingSecret,
        _ => Reason.ContainerNotStarted,
    };

    private static PendingWhy? Events(V1Pod pod, IReadOnlyCollection<Corev1Event> events)
    {
        // Later good news makes older bad news obsolete.
        var newest = LatestEvents.Of(
            events, pod.Metadata,
            "FailedMount", "FailedAttachVolume", "FailedMapVolume", "FailedCreatePodSandBox", "NetworkNotReady",
            "SuccessfulAttachVolume", "Pulling", "Pulled", "Created", "Started");
        string message = newest?.Message ?? "";
        Reason? reason = newest?.Reason switch
        {
            "FailedMount" when IsMissingObject(message) => Reason.MissingSecret,
            "FailedMount" or "FailedAttachVolume" or "FailedMapVolume" => Reason.MissingVolume,
            "FailedCreatePodSandBox" or "NetworkNotReady" => Reason.ContainerNotStarted,
            _ => null,
        };
        return reason is { } known ? new(known, $"Pod {pod.Metadata.Name} on node {pod.Spec.NodeName}: {newest!.Reason}: {message}") : null;
    }

    // "secret "x" not found", "configmap "x" not found", "couldn't find key k in Secret ns/x", "references non-existent secret key: k".
    private static bool IsMissingObject(string message) =>
        (message.Contains("secret", StringComparison.OrdinalIgnoreCase) || message.Contains("configmap", StringComparison.OrdinalIgnoreCase))
        && (message.Contains("not found", StringComparison.Ordinal)
            || message.Contains("couldn't find key", StringComparison.Ordinal)
            || message.Contains("non-existent", StringComparison.Ordinal));
}
