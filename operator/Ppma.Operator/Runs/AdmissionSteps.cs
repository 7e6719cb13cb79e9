using Ppma.Api.Conditions;
using Ppma.Api.Runs;
using Ppma.Controllers.Events;

namespace Ppma.Operator.Runs;

/// <summary>A run before its tasks are frozen.</summary>
internal static class AdmissionSteps
{
    /// <returns>What to do, or null once the run is admitted: then its stages are in the status.</returns>
    public static RunDecision? Decide(RunDraft draft)
    {
        var observation = draft.Observation;
        if (observation.Tasks is { } frozen)
        {
            Admit(draft, frozen);
            return null;
        }

        // A Job is proof that the tasks were frozen, whatever became of the prerequisites since.
        if (observation.Jobs.Count > 0 && observation.TasksGone is null)
        {
            return draft.Do(new RunAction.ReadTasks());
        }

        if (draft.Settings.Cancel)
        {
            return EndRules.Cancel(draft, "The run was cancelled before it began.");
        }

        var admission = observation.Admission!;
        foreach (var finding in admission.Findings)
        {
            draft.Set(finding);
        }

        draft.Status = draft.Status with { Privacy = admission.Privacy };
        if (admission.Run is null)
        {
            return Wait(draft, admission);
        }

        if (draft.Settings.Suspend)
        {
            const string Message = "spec.suspend is true: the run is admitted when it is false.";
            draft.Set(Finding.True(ConditionType.Suspended, Reason.Suspended, Message));
            draft.Set(Finding.False(ConditionType.Admitted, Reason.Suspended, Message));
            draft.Resting(Reason.Suspended, Message);
            return draft.Rest();
        }

        return observation.Refusal is { } refusal ? Refused(draft, refusal) : draft.Do(new RunAction.Freeze());
    }

    private static RunDecision Wait(RunDraft draft, Admission admission)
    {
        var refusal = draft.Observation.Refusal;
        if (admission.SpecAccepted && refusal is null && !draft.Observation.Probed)
        {
            return draft.Do(new RunAction.Probe());
        }

        if (refusal is { IsWait: false })
        {
            draft.Set(Finding.False(ConditionType.SpecAccepted, refusal.Reason, refusal.Message));
            draft.Set(Finding.False(ConditionType.Admitted, refusal.Reason, refusal.Message));
            draft.Stalled(refusal.Reason, refusal.Message);
            return draft.Rest();
        }

        var obstacle = admission.Obstacle!;
        draft.Set(Finding.False(ConditionType.Admitted, obstacle.Reason, obstacle.Message));
        if (Admission.IsAwaited(obstacle))
        {
            // What is awaited changes its own words while it comes about; that it is awaited is said once.
            if (draft.Run.Status.Conditions.Find(ConditionType.Admitted)?.Reason != obstacle.Reason.ToString())
            {
                draft.Tell(EventSeverity.Normal, obstacle.Reason.ToString(), obstacle.Message);
            }

            draft.Reconciling(obstacle.Reason, obstacle.Message);
        }
        else
        {
            Tell(draft, EventSeverity.Warning, obstacle.Reason, obstacle.Message);
            draft.Stalled(obstacle.Reason, obstacle.Message);
        }

        return draft.Rest();
    }

    private static RunDecision Refused(RunDraft draft, Refusal refusal)
    {
        if (refusal.Reason is Reason.PodNotAllowed or Reason.PodRefused or Reason.SpecInvalid)
        {
            draft.Set(Finding.False(ConditionType.SpecAccepted, refusal.Reason, refusal.Message));
        }

        draft.Set(Finding.False(ConditionType.Admitted, refusal.Reason, refusal.Message));
        if (refusal.IsWait)
        {
            draft.Reconciling(refusal.Reason, refusal.Message);
        }
        else
        {
            draft.Stalled(refusal.Reason, refusal.Message);
        }

        Tell(draft, EventSeverity.Warning, refusal.Reason, refusal.Message);
        draft.LookAgainAfter(refusal.RetryAfter);
        return draft.Rest();
    }

    private static void Admit(RunDraft draft, FrozenTasks frozen)
    {
        // What was frozen is what counts, also where the facts have changed since.
        draft.Set(Finding.True(ConditionType.SpecAccepted, Reason.SpecValid, "The spec can be carried out."));
        draft.Set(Finding.True(ConditionType.DatasetsReady, Reason.DatasetsVerified, "Frozen with the run's tasks."));
        draft.Set(Finding.True(ConditionType.WeightsReady, Reason.WeightsFound, "Frozen with the run's tasks."));
        if (frozen.Resolved.Privacy is { } privacy)
        {
            draft.Set(privacy.Decision == PrivacyDecision.NotClaimed
                ? Finding.True(ConditionType.PrivacyGatePassed, Reason.PrivacyNotClaimed, "Real humans are allowed: nothing was checked and nothing is claimed.")
                : Finding.True(ConditionType.PrivacyGatePassed, Reason.PrivacyGatePassed, $"Every input is attested to show no real human; see status.privacy."));
        }

        // Compared with the frozen one in this same decision.
        if (SpecChanges.Between(frozen.Spec, draft.Run).Count > 0)
        {
            draft.Remove(ConditionType.SpecAccepted);
        }

        draft.Set(Finding.True(ConditionType.Admitted, Reason.TasksFrozen, $"{frozen.Resolved.Tasks.Count} task(s) frozen for image {frozen.Image}."));
        draft.Remove(ConditionType.Suspended);
        draft.Status = draft.Status with
        {
            StartTime = WholeSecond(draft.Now),
            ArtifactsUri = frozen.Resolved.ArtifactsUri,
            InputDigest = frozen.Resolved.InputDigest,
            TaskDigest = frozen.Resolved.Tasks[^1].TaskDigest,
            Privacy = frozen.Resolved.Privacy,
            Stages = [.. frozen.Resolved.Tasks.Select(task => new StageStatus
            {
                Name = task.Name, State = StageState.Waiting, TaskDigest = task.TaskDigest, InputDigest = task.Spec.InputDigest,
            })],
        };
        draft.Tell(EventSeverity.Normal, "Admitted", $"Froze {frozen.Resolved.Tasks.Count} task(s), input digest {frozen.Resolved.InputDigest[..8]}.");
        foreach (var warning in frozen.Warnings)
        {
            draft.Tell(EventSeverity.Warning, "Admitted", warning);
        }
    }

    // Only what is new: an event each time the run is looked at would say nothing.
    private static void Tell(RunDraft draft, EventSeverity severity, Reason reason, string message)
    {
        var before = draft.Run.Status.Conditions.Find(ConditionType.Admitted);
        if (before?.Reason != reason.ToString() || before.Message != draft.Status.Conditions.Find(ConditionType.Admitted)!.Message)
        {
            draft.Tell(severity, reason.ToString(), message);
        }
    }

    private static DateTime WholeSecond(DateTime time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
}
