using Ppma.Api.Conditions;
using Ppma.Api.Runs;
using Ppma.Operator.Attempts;

namespace Ppma.Operator.Runs;

/// <summary>What the status says of an attempt that is under way.</summary>
internal static class ProgressRules
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(60);

    public static void Note(RunDraft draft, StageStatus stage, ObservedAttempt attempt)
    {
        if (attempt.View.Pending is { } why)
        {
            Pending(draft, stage, attempt, why);
            return;
        }

        var where = attempt.View.Node is { } node ? $"pod {attempt.View.Pod} on node {node}" : $"pod {attempt.View.Pod}";
        draft.Set(Finding.True(ConditionType.Scheduled, Reason.Running, $"Attempt {stage.Attempt} of stage {stage.Name} is in {where}."));
        stage = draft.Put(stage with { State = StageState.Running });
        if (draft.Observation.Progress is { Shown: { } shown } heard)
        {
            stage = draft.Put(stage with { Progress = shown });
            stage = heard.Checkpoint is { } checkpoint && checkpoint.Step >= (stage.Checkpoint?.Step ?? -1)
                ? draft.Put(stage with { Checkpoint = checkpoint, CheckpointTime = heard.CheckpointTime })
                : stage;
        }

        // A pod that is deleted on a node that says nothing is lost after a while, without anything changing.
        draft.LookAgainAfter(LookAgain);
        if (draft.Observation.Progress is not { IsReachable: true, Latest: not null } answered)
        {
            Unheard(draft, stage, attempt);
        }
        else if (Deadlines.IsLoading(draft, attempt))
        {
            Progressing(draft, ConditionStatus.False, Reason.Loading, $"The worker of stage {stage.Name} loads and has done no step yet.");
        }
        else
        {
            Progressing(draft, ConditionStatus.True, Reason.Running, $"The worker of stage {stage.Name} is {answered.Latest.Phase}; status.stages says how far it is.");
        }
    }

    private static void Pending(RunDraft draft, StageStatus stage, ObservedAttempt attempt, PendingWhy why)
    {
        draft.Put(stage with { State = StageState.Starting });
        draft.Set(why.IsUnscheduled
            ? Finding.False(ConditionType.Scheduled, why.Reason, why.Message)
            : Finding.True(ConditionType.Scheduled, Reason.Starting, $"Attempt {stage.Attempt} of stage {stage.Name} has a node."));
        Progressing(draft, ConditionStatus.False, why.Reason, why.Message);
        draft.LookAgainAt(attempt.EventsDue ?? draft.Now + EventLookups.Every);
    }

    // Somebody whom nobody can reach may be working well.
    private static void Unheard(RunDraft draft, StageStatus stage, ObservedAttempt attempt)
    {
        var progress = draft.Observation.Progress;
        if (progress is null or { IsReachable: true })
        {
            Progressing(draft, ConditionStatus.False, Reason.Loading, $"The worker of stage {stage.Name} has started and has not answered yet.");
            return;
        }

        Progressing(
            draft, ConditionStatus.Unknown, Reason.WorkerUnreachable,
            $"The worker of stage {stage.Name} in pod {attempt.View.Pod} does not answer; it is left alone. Does a network policy keep the operator out? {progress.Problem}");
    }

    private static void Progressing(RunDraft draft, ConditionStatus status, Reason reason, string message)
    {
        draft.Set(new(ConditionType.Progressing, status, reason, message));
        draft.Reconciling(reason, message);
    }
}
