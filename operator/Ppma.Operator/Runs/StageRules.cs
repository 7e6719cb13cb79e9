using k8s.Models;
using Ppma.Api.Conditions;
using Ppma.Api.Runs;
using Ppma.Controllers.Events;
using Ppma.Controllers.Requests;

namespace Ppma.Operator.Runs;

/// <summary>One stage between two attempts. Its number of attempts is only raised where the status already says how the one before ended.</summary>
internal static class StageRules
{
    public static RunDecision Decide(RunDraft draft, StageStatus stage)
    {
        if (LeftoverJobs.Next(draft) is { } leftover)
        {
            return draft.Do(new RunAction.DeleteJob(leftover, DeletePropagation.Foreground));
        }

        if (stage.State is StageState.Starting or StageState.Running or StageState.Stopping)
        {
            return AttemptRules.Decide(draft, stage);
        }

        // Its Job is there although no status says so: the answer to its creation was lost.
        return draft.Observation.Attempt(stage.Name, stage.Attempt + 1)?.Job is { } created
            ? AttemptRules.Decide(draft, Begin(draft, stage, created))
            : Between(draft, stage);
    }

    private static RunDecision Between(RunDraft draft, StageStatus stage)
    {
        if (draft.Settings.Cancel)
        {
            return EndRules.Cancel(draft, $"The run was cancelled while stage {stage.Name} had no Job.");
        }

        if (draft.Settings.Suspend)
        {
            return Suspended(draft, stage);
        }

        if (stage.NextAttemptTime is { } next && next > draft.Now)
        {
            return Waiting(draft, stage, next);
        }

        return draft.Observation switch
        {
            { TasksGone: { } gone } => EndRules.Fail(draft, stage, Reason.TasksLost, $"{gone}; start a new run from its checkpoints (spec.weights.fromRun)."),
            { Tasks: null } => draft.Do(new RunAction.ReadTasks()),
            { Tasks: { } tasks } when tasks.Resolved.Tasks.All(task => task.Name != stage.Name || task.TaskDigest != stage.TaskDigest) =>
                EndRules.Fail(draft, stage, Reason.TasksLost, $"the frozen task of stage {stage.Name} is another than at the admission (task digest {stage.TaskDigest}); start a new run from its checkpoints (spec.weights.fromRun)."),
            { Refusal: { } refusal } => Refused(draft, stage, refusal),
            _ => draft.Do(new RunAction.CreateJob(stage.Name, stage.Attempt + 1)),
        };
    }

    private static StageStatus Begin(RunDraft draft, StageStatus stage, V1Job job)
    {
        draft.Remove(ConditionType.Suspended);
        if (draft.Status.Conditions.Find(ConditionType.SpecAccepted)?.Reason is nameof(Reason.PodRefused) or nameof(Reason.PodNotAllowed))
        {
            draft.Set(Finding.True(ConditionType.SpecAccepted, Reason.SpecValid, "The spec can be carried out."));
        }

        var message = $"Created Job {job.Metadata.Name}, attempt {stage.Attempt + 1} of stage {stage.Name}.";
        draft.Tell(EventSeverity.Normal, "JobCreated", message);
        return draft.Put(stage with
        {
            State = StageState.Starting,
            Attempt = stage.Attempt + 1,
            JobRef = new() { Name = job.Metadata.Name },
            JobUid = job.Metadata.Uid,
            AttemptTime = job.Metadata.CreationTimestamp,
            NextAttemptTime = null,
            StopReason = null,
        });
    }

    private static RunDecision Suspended(RunDraft draft, StageStatus stage)
    {
        var message = $"Suspended by spec.suspend before attempt {stage.Attempt + 1} of stage {stage.Name}.";
        if (stage.State != StageState.Suspended)
        {
            draft.Put(stage with { State = StageState.Suspended, NextAttemptTime = null });
            draft.Tell(EventSeverity.Normal, nameof(Reason.Suspended), message);
        }

        draft.Set(Finding.True(ConditionType.Suspended, Reason.Suspended, message));
        draft.Remove(ConditionType.Scheduled, ConditionType.Progressing);
        draft.Resting(Reason.Suspended, message);
        return draft.Rest();
    }

    private static RunDecision Waiting(RunDraft draft, StageStatus stage, DateTime next)
    {
        // A refused Job waits with the words of its refusal, which are in the status since.
        draft.LookAgainAt(next);
        if (stage.State == StageState.BackingOff)
        {
            var message = $"Attempt {stage.Attempt + 1} of stage {stage.Name} begins at {next:HH:mm:ss} UTC: {draft.Status.Restarts?.Last?.Cause}.";
            draft.Set(Finding.False(ConditionType.Progressing, Reason.BackingOff, message));
            draft.Remove(ConditionType.Scheduled, ConditionType.Suspended);
            draft.Reconciling(Reason.BackingOff, message);
        }

        return draft.Rest();
    }

    private static RunDecision Refused(RunDraft draft, StageStatus stage, Refusal refusal)
    {
        // While backing off the wait would hide the refusal's words.
        draft.Put(stage with { State = stage.State == StageState.BackingOff ? StageState.Waiting : stage.State, NextAttemptTime = draft.Now + refusal.RetryAfter });
        draft.Set(Finding.False(ConditionType.Scheduled, refusal.Reason, refusal.Message));
        if (refusal.IsWait)
        {
            draft.Reconciling(refusal.Reason, refusal.Message);
        }
        else
        {
            if (refusal.Reason is Reason.PodRefused or Reason.PodNotAllowed)
            {
                draft.Set(Finding.False(ConditionType.SpecAccepted, refusal.Reason, refusal.Message));
            }

            draft.Stalled(refusal.Reason, refusal.Message);
        }

        draft.Tell(EventSeverity.Warning, refusal.Reason.ToString(), refusal.Message);
        draft.LookAgainAfter(refusal.RetryAfter);
        return draft.Rest();
    }
}
