using k8s.Models;

namespace Ppma.Operator.Attempts;

/// <summary>An attempt as its Job, pods and their events tell of it. Pure: a function of the objects and the clock.</summary>
internal sealed record AttemptView
{
    public required AttemptPhase Phase { get; init; }

    /// <summary>In the phases NoPod and Pending.</summary>
    public PendingWhy? Pending { get; init; }

    /// <summary>When the worker started, in the phase Running.</summary>
    public DateTime? RunningSince { get; init; }

    /// <summary>In the phase Ended.</summary>
    public AttemptEnd? End { get; init; }

    /// <summary>The pod that decided the phase.</summary>
    public string? Pod { get; init; }

    /// <summary>Its address, where it has one.</summary>
    public string? Address { get; init; }

    public string? Node { get; init; }

    /// <summary>Whether a process of the attempt may still be running somewhere. While that is so, a suspended run is not suspended.</summary>
    public bool PodsLeft { get; init; }

    /// <param name="job">The attempt's Job; null when it is gone.</param>
    /// <param name="pods">The pods that it owns.</param>
    /// <param name="events">Events of the Job and of the pods, in any order; none are needed once the worker runs.</param>
    /// <param name="now">UTC.</param>
    public static AttemptView Of(V1Job? job, IReadOnlyList<V1Pod> pods, IEnumerable<Corev1Event> events, DateTime now)
    {
        bool left = pods.Any(PodEnd.MayRun);
        var ended = pods
            .Select(pod => (Pod: pod, End: PodEnd.Of(pod, now)))
            .Where(entry => entry.End is not null)
            .OrderBy(entry => entry.End!.FinishedAt ?? DateTime.MaxValue)
            .FirstOrDefault();
        if (ended.End is { } end)
        {
            return About(ended.Pod) with { Phase = AttemptPhase.Ended, End = end, PodsLeft = left };
        }

        if (pods.OrderBy(pod => pod.Metadata.DeletionTimestamp is not null).ThenByDescending(pod => pod.Metadata.CreationTimestamp).FirstOrDefault() is { } current)
        {
            return Worker.StatusOf(current)?.State?.Running is { } running
                ? About(current) with { Phase = AttemptPhase.Running, RunningSince = running.StartedAt, PodsLeft = left }
                : About(current) with { Phase = AttemptPhase.Pending, Pending = PodWait.Of(current, events), PodsLeft = left };
        }

        return JobEnd.Of(job, now) is { } without
            ? new() { Phase = AttemptPhase.Ended, End = without }
            : new() { Phase = AttemptPhase.NoPod, Pending = JobWait.Of(job!, events) };
    }

    private static AttemptView About(V1Pod pod) => new()
    {
        Phase = AttemptPhase.Pending,
        Pod = pod.Metadata.Name,
        Address = pod.Status?.PodIP is { Length: > 0 } address ? address : null,
        Node = pod.Spec?.NodeName is { Length: > 0 } node ? node : null,
    };
}
