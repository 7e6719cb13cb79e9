using Ppma.Api.Conditions;
using Ppma.Api.Runs;
using Ppma.Controllers.Events;
using Ppma.Operator.Attempts;

namespace Ppma.Operator.Runs;

/// <summary>What follows the end of an attempt: a result, another attempt, or the end of the run.</summary>
internal static class AttemptEnds
{
    public static RunDecision Decide(RunDraft draft, StageStatus stage, ObservedAttempt attempt, AttemptEnd said)
    {
        var end = Trusted(said, stage);
        var stopping = stage.State == StageState.Stopping ? Enum.Parse<Reason>(stage.StopReason!) : (Reason?)null;
        var @class = ExitClasses.Of(end, askedToStop: stopping is not null);
        Usage.Count(draft, stage, attempt, end, @class);
        if (@class == ExitClass.Done)
        {
            return Results.Record(draft, stage, end);
        }

        if (stopping == Reason.Cancelling)
        {
            return EndRules.Cancel(draft, $"The run was cancelled in attempt {stage.Attempt} of stage {stage.Name}.");
        }

        if (@class == ExitClass.Final)
        {
            return EndRules.Fail(draft, stage, end.Reason, end.Describe());
        }

        return stopping switch
        {
            null => Again(draft, stage, end, @class, end.Reason),
            Reason.Suspending => Suspended(draft, stage),
            Reason.ActiveDeadlineExceeded => EndRules.Fail(draft, stage, Reason.ActiveDeadlineExceeded, EndRules.OverActiveDeadline(draft)),
            { } deadline => Again(draft, stage, end, Pays(deadline, end), deadline),
        };
    }

    // Where the worker ran and did nothing the program pays, else whatever kept it from running.
    private static ExitClass Pays(Reason deadline, AttemptEnd end) =>
        deadline == Reason.Stalled || end.StartedAt is not null ? ExitClass.Application : ExitClass.Infrastructure;

    // A result of another task is none, nor is one that nobody could start from.
    private static AttemptEnd Trusted(AttemptEnd end, StageStatus stage) =>
        end.Result is { } result && SoundResults.Problem(result, stage.TaskDigest) is { } problem
            ? end with { Message = null, Text = $"{problem}; does the image run ppma-worker?" }
            : end;

    private static RunDecision Again(RunDraft draft, StageStatus stage, AttemptEnd end, ExitClass @class, Reason cause)
    {
        var progress = stage.Progress?.LastProgressTime is { } last && end.StartedAt is { } started && last > started ? last - started : TimeSpan.Zero;
        var restart = RestartBudget.After(draft.Settings.Restart, draft.Status.Restarts, end, @class, progress, draft.Now);
        draft.Status = draft.Status with { Restarts = restart.Restarts with { Last = restart.Restarts.Last! with { Cause = cause.ToString() } } };
        var what = cause == end.Reason ? end.Describe() : draft.Said(cause) ?? $"{cause}.";
        if (restart.Exhausted is { } exhausted)
        {
            return EndRules.Fail(draft, stage, exhausted, $"{Budget(exhausted, draft.Settings.Restart)} is used up. {EndRules.GoOn(draft)} Last: {what}");
        }

        var next = restart.NextAttemptTime!.Value;
        var message = $"Attempt {stage.Attempt} of stage {stage.Name} ended ({cause}), the next begins at {next:HH:mm:ss} UTC. {what}";
        draft.Put(stage with { State = StageState.BackingOff, NextAttemptTime = next, StopReason = null });
        draft.Set(Finding.False(ConditionType.Progressing, Reason.BackingOff, message));
        draft.Remove(ConditionType.Scheduled, ConditionType.Suspended);
        draft.Reconciling(Reason.BackingOff, message);
        draft.Tell(EventSeverity.Warning, cause.ToString(), message);
        draft.LookAgainAt(next);
        return draft.Rest();
    }

    private static RunDecision Suspended(RunDraft draft, StageStatus stage)
    {
        var message = $"Suspended by spec.suspend after attempt {stage.Attempt} of stage {stage.Name}.";
        draft.Put(stage with { State = StageState.Suspended, StopReason = null });
        draft.Set(Finding.True(ConditionType.Suspended, Reason.Suspended, message));
        draft.Remove(ConditionType.Scheduled, ConditionType.Progressing);
        draft.Resting(Reason.Suspended, message);
        draft.Tell(EventSeverity.Normal, nameof(Reason.Suspended), message);
        draft.LookAgainAfter(TimeSpan.Zero);
        return draft.Rest();
    }

    private static string Budget(Reason exhausted, RestartSettings settings) => exhausted == Reason.ApplicationBudgetExhausted
        ? $"spec.restart.application ({settings.Application})" : $"spec.restart.infrastructure ({settings.Infrastructure})";
}
