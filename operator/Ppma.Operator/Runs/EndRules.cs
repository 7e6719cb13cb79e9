using Ppma.Api.Conditions;
using Ppma.Api.Pretraining;
using Ppma.Api.Runs;
using Ppma.Controllers.Events;
using Ppma.Controllers.Requests;

namespace Ppma.Operator.Runs;

/// <summary>The end of a run, after which nothing is ever created for it, and its time to live.</summary>
internal static class EndRules
{
    public static RunDecision Succeed(RunDraft draft)
    {
        var message = $"All {draft.Status.Stages.Count} stage(s) have their result.";
        draft.Set(Finding.True(ConditionType.Ready, Reason.Completed, message));
        draft.Set(Finding.True(ConditionType.Succeeded, Reason.Completed, message));
        draft.Remove(ConditionType.Stalled);
        draft.Tell(EventSeverity.Normal, nameof(Reason.Completed), message);
        return Close(draft);
    }

    public static RunDecision Fail(RunDraft draft, StageStatus stage, Reason reason, string message)
    {
        draft.Put(stage with { State = StageState.Failed, CompletionTime = Now(draft), NextAttemptTime = null, StopReason = null });
        draft.Tell(EventSeverity.Warning, reason.ToString(), message);
        return WithoutResult(draft, reason, message);
    }

    public static RunDecision Cancel(RunDraft draft, string message)
    {
        draft.Status = draft.Status with
        {
            Stages = [.. draft.Status.Stages.Select(stage => stage.State == StageState.Succeeded ? stage : stage with
            {
                State = StageState.Cancelled, CompletionTime = Now(draft), NextAttemptTime = null, StopReason = null,
            })],
        };
        draft.Tell(EventSeverity.Normal, nameof(Reason.Cancelled), message);
        return WithoutResult(draft, Reason.Cancelled, message);
    }

    /// <summary>What is said of a run that was active for too long.</summary>
    public static string OverActiveDeadline(RunDraft draft) =>
        $"The run was active for longer than spec.deadlines.activeSeconds ({draft.Settings.Deadlines.ActiveSeconds} s). {GoOn(draft)}";

    /// <summary>How a person goes on from a run that is over.</summary>
    public static string GoOn(RunDraft draft) => draft.Run.Resource is PretrainRun
        ? $"Mend the cause and go on in a new run with spec.resumeFrom: {{run: {{name: {draft.Run.Name}}}}}."
        : "Mend the cause and start a new run.";

    /// <summary>A run that is over: what is left of it goes when its time to live is over.</summary>
    public static RunDecision After(RunDraft draft)
    {
        if (LeftoverJobs.Next(draft) is { } leftover)
        {
            return draft.Do(new RunAction.DeleteJob(leftover, DeletePropagation.Foreground));
        }

        var expiry = draft.Status.CompletionTime!.Value + TimeSpan.FromSeconds(draft.Settings.TtlSecondsAfterFinished);
        if (expiry > draft.Now)
        {
            if (!IsExpired(draft))
            {
                draft.LookAgainAt(expiry);
            }

            return draft.Rest();
        }

        if (!IsExpired(draft) && draft.Observation.TasksGone is null)
        {
            return draft.Do(new RunAction.DeleteTasks());
        }

        if (draft.Observation.Jobs.FirstOrDefault(job => job.Metadata.DeletionTimestamp is null) is { } job)
        {
            return draft.Do(new RunAction.DeleteJob(job, DeletePropagation.Background));
        }

        draft.Set(Finding.False(
            ConditionType.Admitted, Reason.TimeToLiveOver,
            $"spec.ttlSecondsAfterFinished ({draft.Settings.TtlSecondsAfterFinished} s) is over: Jobs and frozen tasks are deleted, results and checkpoints stay."));
        return draft.Rest();
    }

    private static bool IsExpired(RunDraft draft) =>
        draft.Status.Conditions.Find(ConditionType.Admitted)?.Reason == nameof(Reason.TimeToLiveOver);

    private static RunDecision WithoutResult(RunDraft draft, Reason reason, string message)
    {
        draft.Set(Finding.False(ConditionType.Ready, reason, message));
        draft.Set(Finding.True(ConditionType.Stalled, reason, message));
        draft.Set(Finding.False(ConditionType.Succeeded, reason, message));
        return Close(draft);
    }

    private static RunDecision Close(RunDraft draft)
    {
        draft.Remove(ConditionType.Reconciling, ConditionType.Scheduled, ConditionType.Progressing, ConditionType.Suspended);
        draft.Status = draft.Status with { CompletionTime = Now(draft) };
        draft.LookAgainAfter(TimeSpan.FromSeconds(draft.Settings.TtlSecondsAfterFinished));
        return draft.Rest();
    }

    // As an API server keeps it.
    private static DateTime Now(RunDraft draft) => new(draft.Now.Ticks - (draft.Now.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
}
