using Ppma.Api.Conditions;
using Ppma.Api.Runs;
using Ppma.Controllers.Events;
using Ppma.Controllers.Requests;
using Ppma.Operator.Attempts;

namespace Ppma.Operator.Runs;

/// <summary>A stage while an attempt of it is under way.</summary>
internal static class AttemptRules
{
    public static RunDecision Decide(RunDraft draft, StageStatus stage)
    {
        var attempt = draft.Observation.Attempt(stage.Name, stage.Attempt)
            ?? new(stage.Name, stage.Attempt, Job: null, AttemptView.Of(job: null, [], [], draft.Now));
        stage = Noted(draft, stage, attempt);
        if (stage.State == StageState.Stopping)
        {
            return Stopping(draft, stage, attempt);
        }

        if (attempt.View is { Phase: AttemptPhase.Ended, End: { } end })
        {
            return AttemptEnds.Decide(draft, stage, attempt, end);
        }

        if (StopReason(draft, stage, attempt) is { } reason)
        {
            return Stop(draft, stage, attempt, reason);
        }

        ProgressRules.Note(draft, stage, attempt);
        return draft.Rest();
    }

    // The UID of the Job that is there, so that another of its name is not taken for it.
    private static StageStatus Noted(RunDraft draft, StageStatus stage, ObservedAttempt attempt)
    {
        var started = attempt.View.RunningSince ?? attempt.View.End?.StartedAt;
        return draft.Put(stage with
        {
            JobUid = stage.JobUid ?? attempt.Job?.Metadata.Uid,
            StartTime = stage.StartTime ?? started,
        });
    }

    private static Reason? StopReason(RunDraft draft, StageStatus stage, ObservedAttempt attempt) =>
        draft.Settings.Cancel ? Reason.Cancelling
        : draft.Settings.Suspend ? Reason.Suspending
        : Deadlines.Exceeded(draft, stage, attempt);

    // The intent is in the status before anything is deleted: an end that we caused is never counted.
    private static RunDecision Stop(RunDraft draft, StageStatus stage, ObservedAttempt attempt, Reason reason)
    {
        draft.Put(stage with { State = StageState.Stopping, StopReason = reason.ToString() });
        var message = Message(draft, stage, reason, attempt);
        var asked = reason is Reason.Suspending or Reason.Cancelling;
        draft.Tell(asked ? EventSeverity.Normal : EventSeverity.Warning, reason.ToString(), message);
        Show(draft, reason, message);
        draft.LookAgainAfter(TimeSpan.Zero);
        return draft.Rest();
    }

    private static RunDecision Stopping(RunDraft draft, StageStatus stage, ObservedAttempt attempt)
    {
        if (draft.Settings.Cancel && stage.StopReason != nameof(Reason.Cancelling))
        {
            stage = draft.Put(stage with { StopReason = nameof(Reason.Cancelling) });
            draft.Tell(EventSeverity.Normal, nameof(Reason.Cancelling), Message(draft, stage, Reason.Cancelling, attempt));
        }

        if (attempt.Job is { } job && !attempt.IsDeleting)
        {
            // A worker that ended by itself has said how; nothing is left to stop.
            return attempt.View is { Phase: AttemptPhase.Ended, PodsLeft: false, End: { } said }
                ? AttemptEnds.Decide(draft, stage, attempt, said)
                : draft.Do(new RunAction.DeleteJob(job, DeletePropagation.Foreground));
        }

        if (attempt.View is { Phase: AttemptPhase.Ended, PodsLeft: false, End: { } end })
        {
            return AttemptEnds.Decide(draft, stage, attempt, end);
        }

        var reason = Enum.Parse<Reason>(stage.StopReason!);
        Show(draft, reason, draft.Said(reason) ?? Message(draft, stage, reason, attempt));
        return draft.Rest();
    }

    private static void Show(RunDraft draft, Reason reason, string message)
    {
        if (reason is Reason.Suspending)
        {
            draft.Set(Finding.False(ConditionType.Suspended, reason, message));
        }

        draft.Set(Finding.False(ConditionType.Progressing, reason, message));
        draft.Reconciling(reason, message);
    }

    private static string Message(RunDraft draft, StageStatus stage, Reason reason, ObservedAttempt attempt)
    {
        var deadlines = draft.Settings.Deadlines;
        var who = $"Attempt {stage.Attempt} of stage {stage.Name}";
        return reason switch
        {
            Reason.Suspending => $"spec.suspend is true: Job {stage.JobRef?.Name} is deleted once its worker has written a checkpoint.",
            Reason.Cancelling => $"spec.cancel is true: Job {stage.JobRef?.Name} is deleted.",
            Reason.StartupDeadlineExceeded => $"{who} did no step within spec.deadlines.startupSeconds ({deadlines.StartupSeconds} s, may be raised under the run). {Waited(attempt)}",
            Reason.ScaleUpDeadlineExceeded => $"{who} found no node within spec.deadlines.scaleUpSeconds ({deadlines.ScaleUpSeconds} s, may be raised under the run). {Waited(attempt)}",
            Reason.ActiveDeadlineExceeded => EndRules.OverActiveDeadline(draft),
            _ => $"{who} finished no step within spec.deadlines.progressSeconds ({deadlines.ProgressSeconds} s, may be raised under the run). Look for slow storage, an overloaded node or a GPU that hangs.",
        };
    }

    private static string Waited(ObservedAttempt attempt) => attempt.View.Pending?.Message ?? "Its worker runs and is still loading: look at the pod's log.";
}
