using k8s.Models;

namespace Ppma.Operator.Attempts;

/// <summary>How an attempt ended of which no pod is left to tell.</summary>
internal static class JobEnd
{
    /// <summary>Jobs and pods are watched apart: a Job may be seen to be over before its pod is seen at all.</summary>
    private static readonly TimeSpan WatchLag = TimeSpan.FromSeconds(15);

    /// <summary>The end; null while a pod may still come, or come to light.</summary>
    public static AttemptEnd? Of(V1Job? job, DateTime now)
    {
        if (job is null)
        {
            return Gone("the Job is gone");
        }

        if (job.Metadata.DeletionTimestamp is not null)
        {
            return Gone($"Job {job.Metadata.Name} is being deleted and has no pods");
        }

        var over = job.Status?.Conditions?.FirstOrDefault(condition => condition is { Status: "True", Type: "Failed" or "Complete" });
        return over is null || (over.LastTransitionTime is { } since && now - since < WatchLag)
            ? null
            : Gone(over.Type == "Complete"
                ? $"Job {job.Metadata.Name} is complete, but its pod, which had the result, is gone; the next attempt finds it in the artifacts"
                : $"Job {job.Metadata.Name} failed ({over.Reason}: {over.Message}), and its pod is gone") with { FinishedAt = over.LastTransitionTime };
    }

    private static AttemptEnd Gone(string text) => new() { Cause = EndCause.Deleted, Text = text };
}
