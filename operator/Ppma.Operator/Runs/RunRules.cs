using Ppma.Api.Conditions;
using Ppma.Controllers.Events;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Runs;

/// <summary>
/// The life of a run, as a pure function: admission, one stage after the other, its end. Each decision is one action or a status; what came of an
/// action is observed, and it is decided again. So a crash between two requests is nothing but another observation.
/// </summary>
internal static class RunRules
{
    public static RunDecision Decide(RunObservation observation)
    {
        var draft = new RunDraft(observation);
        if (IsPaused(observation.Run))
        {
            draft.Status = draft.Status with { ObservedGeneration = observation.Run.Status.ObservedGeneration };
            draft.Stalled(Reason.Paused, $"The annotation {Labels.Paused} is \"true\": the operator leaves the run alone until it is removed.");
            return draft.Rest();
        }

        if (RunEnd.IsTerminal(draft.Status))
        {
            return EndRules.After(draft);
        }

        if (!draft.Status.Conditions.Is(ConditionType.Admitted, ConditionStatus.True) && AdmissionSteps.Decide(draft) is { } notYet)
        {
            return notYet;
        }

        if (Unchanged(draft) is { } read)
        {
            return read;
        }

        return draft.Stage is { } stage ? StageRules.Decide(draft, stage) : EndRules.Succeed(draft);
    }

    /// <summary>A run that is over is not paused: there is nothing to leave alone but its time to live.</summary>
    public static bool IsPaused(RunView run) =>
        !RunEnd.IsTerminal(run.Status) && Labels.IsPaused(run.Metadata);

    // A spec that was changed since it was last looked at is compared with what was admitted; the run goes on in any case.
    private static RunDecision? Unchanged(RunDraft draft)
    {
        if (draft.Status.Conditions.Find(ConditionType.SpecAccepted)?.ObservedGeneration == draft.Run.Generation || draft.Observation.TasksGone is not null)
        {
            return null;
        }

        if (draft.Observation.Tasks is not { } tasks)
        {
            return draft.Do(new RunAction.ReadTasks());
        }

        var changes = SpecChanges.Between(tasks.Spec, draft.Run);
        if (changes.Count == 0)
        {
            draft.Set(Finding.True(ConditionType.SpecAccepted, Reason.SpecValid, "The spec can be carried out."));
            return null;
        }

        var message = $"{AdmissionRules.Message(changes)}. A run is immutable: put it back, or make a new run. This one goes on as it was admitted.";
        draft.Set(Finding.False(ConditionType.SpecAccepted, Reason.ImmutableFieldChanged, message));
        draft.Tell(EventSeverity.Warning, nameof(Reason.ImmutableFieldChanged), message);
        return null;
    }
}
