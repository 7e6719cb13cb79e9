using k8s.Models;

namespace Ppma.Operator.Attempts;

/// <summary>Events of one object, newest first. They are hints: only the newest of those that speak of one matter is believed.</summary>
internal static class LatestEvents
{
    /// <summary>The newest event of the object with one of these reasons; null when there is none.</summary>
    public static Corev1Event? Of(IEnumerable<Corev1Event> events, V1ObjectMeta about, params ReadOnlySpan<string> reasons)
    {
        Corev1Event? newest = null;
        foreach (var candidate in events)
        {
            if (candidate.InvolvedObject?.Uid == about.Uid && reasons.Contains(candidate.Reason)
                && (newest is null || TimeOf(candidate) >= TimeOf(newest)))
            {
                newest = candidate;
            }
        }

        return newest;
    }

    private static DateTime TimeOf(Corev1Event found) =>
        found.Series?.LastObservedTime ?? found.LastTimestamp ?? found.EventTime ?? found.FirstTimestamp ?? DateTime.MinValue;
}
