using k8s.Models;
using Ppma.Api.Conditions;
using Ppma.Controllers.Events;
using Ppma.Operator.Attempts;
using Ppma.Operator.Pods;
using Ppma.Operator.Runs;

namespace Ppma.Operator.Datasets;

/// <summary>What to do about a data set: a pure function of its spec, its status, the Jobs that verify it, and the clock.</summary>
internal static class DatasetRules
{
    /// <summary>The Job of a failed verification stays so long, for its pod's log.</summary>
    public static readonly TimeSpan KeepFailed = TimeSpan.FromHours(1);

    /// <summary>A pod that its node cannot start for so long is made anew, perhaps from settings that were mended since.</summary>
    public static readonly TimeSpan LongestPending = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    public static DatasetDecision Decide(DatasetObservation seen)
    {
        var draft = new DatasetDraft(seen);
        if (Labels.IsPaused(seen.Dataset.Metadata))
        {
            return DatasetPause.Hold(draft);
        }

        DatasetPause.Release(draft);
        if (DatasetVolumes.Problem(draft.Spec) is { } problem)
        {
            return Invalid(draft, problem);
        }

        var recorded = false;
        if (seen.Verification is { } verification)
        {
            if (verification.Job is { } job && VerificationJob.Generation(job) != seen.Generation)
            {
                draft.Delete(job); // Of a spec that is no more.
                draft.Status = draft.Status with { JobRef = null };
            }
            else if (EndOf(verification, draft) is { } end)
            {
                Adopt(draft, verification);
                VerificationEnds.Record(draft, verification, end);
                recorded = true;
            }
            else
            {
                Adopt(draft, verification);
                Wait(draft, verification);
                return Rest(draft);
            }
        }

        if (seen.Refusal is { } refusal)
        {
            Refused(draft, refusal);
        }
        else if (IsDue(draft))
        {
            if (!recorded)
            {
                return draft.Start();
            }

            draft.LookAgainAt(draft.Now); // What was found is written down before anything else begins.
        }

        return Rest(draft);
    }

    private static DatasetDecision Invalid(DatasetDraft draft, string problem)
    {
        draft.Set(Finding.False(ConditionType.SpecAccepted, Reason.SpecInvalid, problem));
        draft.Remove(ConditionType.Verified, ConditionType.Attested);
        draft.Ready(Finding.False(ConditionType.Ready, Reason.SpecInvalid, problem));
        draft.Status = draft.Status with { JobRef = null, NextVerificationTime = null, Failures = 0, LastHandledRequest = VerificationJob.Request(draft.Observation.Dataset) };
        if (draft.Observation.Verification?.Job is { } job)
        {
            draft.Delete(job);
        }

        TellIfReadyChanged(draft, EventSeverity.Warning, Reason.SpecInvalid, problem);
        return Rest(draft);
    }

    /// <summary>The attempt is the one that the status speaks of, also where the process that made its Job ended before it could write so.</summary>
    private static void Adopt(DatasetDraft draft, Verification verification)
    {
        draft.Set(Finding.True(ConditionType.SpecAccepted, Reason.SpecValid, "The spec can be carried out."));
        draft.Status = draft.Status with
        {
            Attempt = verification.Attempt,
            Failures = draft.IsSpecNew ? 0 : draft.Before.Failures,
            NextVerificationTime = draft.IsSpecNew ? null : draft.Before.NextVerificationTime,
            JobRef = new() { Name = VerificationJob.Name(draft.Observation.Dataset, verification.Attempt) },
            LastHandledRequest = verification.Job is { } job ? VerificationJob.Request(job) ?? draft.Before.LastHandledRequest : draft.Before.LastHandledRequest,
        };
    }

    private static AttemptEnd? EndOf(Verification verification, DatasetDraft draft)
    {
        if (verification.View.End is { } end)
        {
            return end;
        }

        return verification is { View: { Phase: AttemptPhase.Pending, Pending: { IsUnscheduled: false } why }, Job.Metadata.CreationTimestamp: { } created }
            && draft.Now - created >= LongestPending
            ? new() { Cause = EndCause.Disrupted, Pod = verification.View.Pod, Node = verification.View.Node, Text = $"it did not start: {why.Message}", FinishedAt = draft.Now }
            : null;
    }

    // Runs go on using what was verified before; only a spec that is new has to wait.
    private static void Wait(DatasetDraft draft, Verification verification)
    {
        if (!draft.IsVerified)
        {
            if (verification.View.Pending is { } why)
            {
                draft.Unknown(why.Reason, why.Message);
            }
            else
            {
                draft.Unknown(Reason.Verifying, $"Pod {verification.View.Pod} reads the index.");
            }
        }

        if (verification.View.Phase != AttemptPhase.Running)
        {
            draft.LookAgainAt(verification.EventsDue ?? draft.Now + LookAgain);
        }
    }

    private static bool IsDue(DatasetDraft draft)
    {
        var (seen, status) = (draft.Observation, draft.Status);
        var isAsked = VerificationJob.Request(seen.Dataset) is { } request && request != status.LastHandledRequest;
        var neverTried = !draft.IsVerified && status.NextVerificationTime is null;
        return draft.IsSpecNew || isAsked || neverTried || status.NextVerificationTime <= draft.Now;
    }

    private static void Refused(DatasetDraft draft, Refusal refusal)
    {
        var next = VerificationTimes.WholeSecond(draft.Now + refusal.RetryAfter);
        draft.Status = draft.Status with { NextVerificationTime = next, LastHandledRequest = VerificationJob.Request(draft.Observation.Dataset) };
        if (!refusal.IsWait)
        {
            draft.Set(Finding.False(ConditionType.SpecAccepted, refusal.Reason, refusal.Message));
        }

        if (!draft.IsVerified)
        {
            draft.Unknown(refusal.Reason, refusal.Message);
        }

        TellIfReadyChanged(draft, EventSeverity.Warning, refusal.Reason, refusal.Message);
    }

    private static DatasetDecision Rest(DatasetDraft draft)
    {
        var leftovers = Leftovers(draft).OrderByDescending(job => job.Metadata.CreationTimestamp).ToList();
        for (var i = 0; i < leftovers.Count; i++)
        {
            // The last one that failed keeps its pod, whose log says more than a message can.
            if (i == 0 && draft.Status.Failures > 0 && EndOf(leftovers[i]) + KeepFailed is { } until && until > draft.Now)
            {
                draft.LookAgainAt(until);
            }
            else
            {
                draft.Delete(leftovers[i]);
            }
        }

        if (draft.Status is { JobRef: null, NextVerificationTime: { } next })
        {
            draft.LookAgainAt(next);
        }

        return draft.Rest();
    }

    private static IEnumerable<V1Job> Leftovers(DatasetDraft draft)
    {
        IEnumerable<V1Job> over = draft is { Status.JobRef: null, Observation.Verification.Job: { } recorded }
            ? [.. draft.Observation.Leftovers, recorded]
            : draft.Observation.Leftovers;
        return over.Where(job => job.Metadata.DeletionTimestamp is null && !draft.Deletes(job));
    }

    private static DateTime? EndOf(V1Job job) =>
        job.Status?.Conditions?.FirstOrDefault(condition => condition is { Type: "Failed", Status: "True" })?.LastTransitionTime ?? job.Metadata.CreationTimestamp;

    private static void TellIfReadyChanged(DatasetDraft draft, EventSeverity severity, Reason reason, string message)
    {
        if (draft.Before.Conditions.Find(ConditionType.Ready)?.Reason != draft.Status.Conditions.Find(ConditionType.Ready)?.Reason)
        {
            draft.Tell(severity, reason, message);
        }
    }
}
