using k8s.Models;
using Ppma.Api.Runs;

namespace Ppma.Operator.Runs;

/// <summary>Jobs that a run has no use for and that hold a node's room.</summary>
internal static class LeftoverJobs
{
    // A Job is marked as finished some seconds after its pod is; one that is not so much later has a container that outlives its worker.
    private static readonly TimeSpan LongestEnding = TimeSpan.FromSeconds(60);

    /// <summary>The next one to delete; null while there is none, and then the draft knows when to look again.</summary>
    public static V1Job? Next(RunDraft draft) =>
        draft.Observation.Jobs.FirstOrDefault(job => !JobFacts.IsFinished(job) && job.Metadata.DeletionTimestamp is null && IsLeftOver(job, draft));

    private static bool IsLeftOver(V1Job job, RunDraft draft)
    {
        if (draft.Status.Stages.FirstOrDefault(stage => stage.JobUid == job.Metadata.Uid) is not { } stage)
        {
            // Neither recorded nor the next attempt: made by a process that no longer leads.
            return draft.Observation.Attempts.All(attempt => attempt.Job?.Metadata.Uid != job.Metadata.Uid);
        }

        if (stage is not { State: StageState.Succeeded or StageState.Failed or StageState.Cancelled, CompletionTime: { } ended })
        {
            return false;
        }

        if (ended + LongestEnding <= draft.Now)
        {
            return true;
        }

        draft.LookAgainAt(ended + LongestEnding);
        return false;
    }
}
