using k8s.Models;
using Ppma.Operator.Attempts;

namespace Ppma.Operator.Runs;

/// <summary>When the Events of an object are worth asking for: when what should have happened long ago has not.</summary>
internal static class EventLookups
{
    /// <summary>How often they are asked for again.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan WithoutPods = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan WithoutStart = TimeSpan.FromSeconds(30);

    /// <summary>The object to ask about, or null; <paramref name="due"/> is when there will be one if nothing happens.</summary>
    public static V1ObjectMeta? About(AttemptView view, V1Job? job, IReadOnlyList<V1Pod> pods, DateTime now, out DateTime? due)
    {
        due = null;
        if (view is { Phase: AttemptPhase.NoPod, Pending.IsQueued: false } && job is not null)
        {
            return After((job.Status?.StartTime ?? job.Metadata.CreationTimestamp) + WithoutPods, job.Metadata, now, out due);
        }

        if (view is { Phase: AttemptPhase.Pending, Pending: { } why } && pods.FirstOrDefault(pod => pod.Metadata.Name == view.Pod) is { } waiting)
        {
            // Without a node: whether the cluster adds one. With one: what keeps the container from starting.
            return After(waiting.Metadata.CreationTimestamp + (why.IsUnscheduled ? WithoutPods : WithoutStart), waiting.Metadata, now, out due);
        }

        return null;
    }

    private static V1ObjectMeta? After(DateTime? time, V1ObjectMeta about, DateTime now, out DateTime? due)
    {
        due = time > now ? time : null;
        return due is null ? about : null;
    }
}
