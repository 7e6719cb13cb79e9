using Ppma.Api.Conditions;
using Ppma.Operator.Pods;
using Ppma.Operator.Runs;

namespace Ppma.Operator.Datasets;

/// <summary>A data set that the operator leaves alone. Whether runs may use it stays as it was found; what is not known stays so.</summary>
internal static class DatasetPause
{
    public static DatasetDecision Hold(DatasetDraft draft)
    {
        const string Message = $"The annotation {Labels.Paused} is \"true\": the operator leaves the data set alone until it is removed.";
        if (draft.Status.Conditions.Find(ConditionType.Ready) is not { Status: nameof(ConditionStatus.True) or nameof(ConditionStatus.False) })
        {
            draft.Set(Finding.Unknown(ConditionType.Ready, Reason.Paused, Message));
        }

        draft.Remove(ConditionType.Reconciling);
        draft.Set(Finding.True(ConditionType.Stalled, Reason.Paused, Message));
        draft.Status = draft.Status with { ObservedGeneration = draft.Before.ObservedGeneration };
        return new() { Status = draft.Status };
    }

    /// <summary>Says again what the pause stood in front of.</summary>
    public static void Release(DatasetDraft draft)
    {
        if (draft.Status.Conditions.Find(ConditionType.Stalled)?.Reason != nameof(Reason.Paused))
        {
            return;
        }

        draft.Remove(ConditionType.Stalled);
        switch (draft.Status.Conditions.Find(ConditionType.Ready))
        {
            case { Status: nameof(ConditionStatus.False) } when draft.Status.Failures > 0:
                draft.Set(Finding.True(ConditionType.Reconciling, Reason.BackingOff, "The verification failed, and is tried again."));
                break;
            case { Status: nameof(ConditionStatus.False) } ready when Enum.TryParse<Reason>(ready.Reason, out var reason):
                draft.Set(Finding.True(ConditionType.Stalled, reason, ready.Message));
                break;
            case { Reason: nameof(Reason.Paused) }:
                draft.Status = draft.Status with { NextVerificationTime = null }; // Nothing is known, so that it is verified at once.
                break;
            default:
                break;
        }
    }
}
