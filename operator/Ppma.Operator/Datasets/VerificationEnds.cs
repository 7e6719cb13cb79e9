using Ppma.Api.Conditions;
using Ppma.Api.Tasks;
using Ppma.Controllers.Events;
using Ppma.Operator.Attempts;
using Ppma.Operator.Runs;

namespace Ppma.Operator.Datasets;

/// <summary>What a verification's end means for its data set.</summary>
internal static class VerificationEnds
{
    private const int MostSplits = 16;

    /// <summary>Writes the end into the draft; after it none is under way.</summary>
    public static void Record(DatasetDraft draft, Verification verification, AttemptEnd end)
    {
        draft.Status = draft.Status with { JobRef = null };
        var time = VerificationTimes.WholeSecond(end.FinishedAt ?? draft.Now);
        if (end is { Reason: Reason.Completed, Result.Dataset: { } found } && Problem(found) is null)
        {
            Succeeded(draft, found, time);
            if (verification.Job is { } job)
            {
                draft.Delete(job);
            }

            return;
        }

        Failed(draft, end, time);
        if (verification is { Job: { } left, View.Phase: not AttemptPhase.Ended })
        {
            draft.Delete(left); // Given up: it would go on trying.
        }
    }

    private static void Succeeded(DatasetDraft draft, DatasetOutcome found, DateTime time)
    {
        var uid = draft.Observation.Dataset.Metadata.Uid;
        draft.Status = draft.Status with
        {
            Digest = found.Digest,
            Samples = found.Samples,
            Shards = found.Shards,
            Bytes = found.Bytes,
            Classes = found.Classes,
            ClassesDigest = found.ClassesDigest,
            Splits = found.Splits.OrderBy(split => split.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal),
            Humans = found.Humans,
            LastVerifiedTime = time,
            VerifiedGeneration = draft.Observation.Generation,
            Failures = 0,
            NextVerificationTime = VerificationTimes.AfterSuccess(uid, draft.Spec.VerifyIntervalSeconds, time),
        };
        draft.Set(Finding.True(ConditionType.Verified, Reason.DatasetVerified, DatasetReadiness.Describe(found)));
        if (DatasetReadiness.Attested(draft.Spec, found.Digest) is { } attested)
        {
            draft.Set(attested);
        }
        else
        {
            draft.Remove(ConditionType.Attested);
        }

        var ready = DatasetReadiness.Ready(draft.Spec, found);
        draft.Ready(ready);
        var before = draft.Before.Conditions.Find(ConditionType.Ready);
        if (before?.Status != ready.Status.ToString() || before.Reason != ready.Reason.ToString() || draft.Before.Digest != found.Digest)
        {
            draft.Tell(ready.Status == ConditionStatus.True ? EventSeverity.Normal : EventSeverity.Warning, ready.Reason, ready.Message);
        }
    }

    private static void Failed(DatasetDraft draft, AttemptEnd end, DateTime time)
    {
        var problem = end.Result?.Dataset is { } found ? Problem(found) : null;
        var @class = problem is null ? ExitClasses.Of(end, askedToStop: false) : ExitClass.Final;
        var failures = draft.Status.Failures + 1;
        var next = VerificationTimes.AfterFailure(draft.Observation.Dataset.Metadata.Uid, @class, failures, time);
        var message = $"{problem ?? end.Describe()} It is tried again; the pod's log stays for an hour.";
        draft.Status = draft.Status with { Failures = failures, NextVerificationTime = next };
        draft.Set(Finding.False(ConditionType.Verified, Reason.VerificationFailed, message));
        draft.Tell(EventSeverity.Warning, Reason.VerificationFailed, message);

        // A node or a network that failed says nothing about data that was sound before.
        if (!draft.IsVerified || @class is ExitClass.Final or ExitClass.Application)
        {
            draft.Set(Finding.False(ConditionType.Ready, Reason.VerificationFailed, message));
            draft.Set(Finding.True(ConditionType.Reconciling, Reason.BackingOff, message));
            draft.Remove(ConditionType.Stalled);
        }

        if (!draft.IsVerified)
        {
            draft.Remove(ConditionType.Attested);
        }
    }

    // What a status cannot hold would keep it from being written at all.
    private static string? Problem(DatasetOutcome found) => found switch
    {
        { Splits.Count: > MostSplits } => $"The index has {found.Splits.Count} splits; a data set may have {MostSplits}.",
        { Digest.Length: not 64 } or { ClassesDigest.Length: > 64 } => "The worker's result names no SHA-256 of the index; is its image of another version than the operator?",
        _ => null,
    };
}
