using Ppma.Api.Conditions;
using Ppma.Api.Pretraining;
using Ppma.Api.Resolution;
using Ppma.Api.Runs;

namespace Ppma.Operator.Runs;

/// <summary>The PretrainRuns that a run takes weights from, or goes on from.</summary>
internal static class SourceRuns
{
    /// <summary>Why a run cannot be used yet, or ever; null when it can.</summary>
    public static Finding? Obstacle(RunReference use, AdmissionInput input)
    {
        if (!input.Runs.TryGetValue(use.Name, out var source))
        {
            return Not(Reason.WeightsMissing, $"There is no PretrainRun \"{use.Name}\" in namespace {input.Run.Namespace}; apply it, or correct the name in a new run.");
        }

        return use.Resumes ? Resumed(use, source, input) : Taken(use, source);
    }

    /// <summary>Whether the run's tasks can be read.</summary>
    public static bool CanBeResumed(PretrainRun source) =>
        RunEnd.IsTerminal(source.Status) && (source.Status?.Conditions ?? []).Is(ConditionType.Admitted, ConditionStatus.True);

    private static Finding? Taken(RunReference use, PretrainRun source)
    {
        var stage = use.Stage ?? source.Spec.Stages.LastOrDefault()?.Name;
        if (source.Status?.Stages.Any(one => one.Name == stage && one is { State: StageState.Succeeded, Checkpoint: not null }) == true)
        {
            return null;
        }

        var ready = (source.Status?.Conditions ?? []).Find(ConditionType.Ready);
        return RunEnd.IsTerminal(source.Status)
            ? Not(Reason.WeightsFailed, $"{use.Path}: PretrainRun \"{use.Name}\" ended without stage \"{stage}\" ({ready?.Reason}); start from another run.")
            : Not(Reason.WeightsNotReady, $"Waiting for stage \"{stage}\" of PretrainRun \"{use.Name}\".");
    }

    private static Finding? Resumed(RunReference use, PretrainRun source, AdmissionInput input)
    {
        if (!RunEnd.IsTerminal(source.Status))
        {
            return Not(Reason.WeightsNotReady, $"Waiting for the end of PretrainRun \"{use.Name}\"; only a run that is over can be continued by another.");
        }

        return input.Resumed is not null ? null : Not(
            Reason.TasksLost,
            $"{use.Path}: the frozen tasks of PretrainRun \"{use.Name}\" are gone ({TasksGone(source)}), so that it cannot be continued exactly; start from its weights (spec.weights.fromRun) in a new run.");
    }

    private static string TasksGone(PretrainRun source) =>
        (source.Status?.Conditions ?? []).Is(ConditionType.Admitted, ConditionStatus.True)
            ? "their ConfigMap was deleted" : $"kept {source.Spec.TtlSecondsAfterFinished} s after its end, see its ttlSecondsAfterFinished";

    private static Finding Not(Reason reason, string message) => Finding.False(ConditionType.WeightsReady, reason, message);
}
