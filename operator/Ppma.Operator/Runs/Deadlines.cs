using Ppma.Api.Conditions;
using Ppma.Api.Runs;
using Ppma.Operator.Attempts;

namespace Ppma.Operator.Runs;

/// <summary>How long an attempt may take for what. No clock runs while it waits in a queue, and none on what is not known.</summary>
internal static class Deadlines
{
    /// <summary>The phase that a worker reports before its first step.</summary>
    public const string StartingPhase = "starting";

    // The worker stops itself at its own deadline; only one that cannot is stopped from outside.
    private static readonly TimeSpan AfterTheWorkersOwn = TimeSpan.FromSeconds(60);

    /// <summary>The deadline that is over; null while none is, and then the draft knows when to look again.</summary>
    public static Reason? Exceeded(RunDraft draft, StageStatus stage, ObservedAttempt attempt)
    {
        if (attempt.View.Pending is { IsQueued: true } || attempt.ClockStart is not { } start)
        {
            return null;
        }

        var deadlines = draft.Settings.Deadlines;
        if (deadlines.ActiveSeconds is { } active)
        {
            var before = TimeSpan.FromSeconds(draft.Status.Usage?.ActiveSeconds ?? 0);
            if (IsOver(draft, start + TimeSpan.FromSeconds(active) - before))
            {
                return Reason.ActiveDeadlineExceeded;
            }
        }

        if (IsStarting(draft, attempt))
        {
            var scalesUp = attempt.View.Pending is { IsUnscheduled: true, ScaleUpSeen: true };
            var seconds = scalesUp ? Math.Max(deadlines.StartupSeconds, deadlines.ScaleUpSeconds) : deadlines.StartupSeconds;
            return !IsOver(draft, start + TimeSpan.FromSeconds(seconds)) ? null
                : scalesUp ? Reason.ScaleUpDeadlineExceeded
                : Reason.StartupDeadlineExceeded;
        }

        return IsStalled(draft, attempt, TimeSpan.FromSeconds(deadlines.ProgressSeconds)) ? Reason.Stalled : null;
    }

    /// <summary>Whether the worker runs and is known not to have done a step; one that cannot be asked may be far.</summary>
    public static bool IsLoading(RunDraft draft, ObservedAttempt attempt) =>
        attempt.View.Phase == AttemptPhase.Running && draft.Observation.Progress is { IsReachable: true, Latest.Phase: StartingPhase };

    private static bool IsStarting(RunDraft draft, ObservedAttempt attempt) => attempt.View.Phase != AttemptPhase.Running || IsLoading(draft, attempt);

    private static bool IsStalled(RunDraft draft, ObservedAttempt attempt, TimeSpan deadline)
    {
        var patience = deadline + AfterTheWorkersOwn;
        if (attempt.View.Phase != AttemptPhase.Running || draft.Observation.Progress is not { IsReachable: true } progress)
        {
            return false;
        }

        if (!progress.IsStalled(patience))
        {
            draft.LookAgainAfter(patience - progress.Unmoved);
        }

        return progress.IsStalled(patience);
    }

    private static bool IsOver(RunDraft draft, DateTime end)
    {
        if (end <= draft.Now)
        {
            return true;
        }

        draft.LookAgainAt(end);
        return false;
    }
}
