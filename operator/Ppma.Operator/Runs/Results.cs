using Ppma.Api.Conditions;
using Ppma.Api.Evaluation;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;
using Ppma.Controllers.Events;
using Ppma.Operator.Attempts;

namespace Ppma.Operator.Runs;

/// <summary>A stage's result in the status, where it is all that others need to start from it.</summary>
internal static class Results
{
    private const int MostKept = 16;

    public static RunDecision Record(RunDraft draft, StageStatus stage, AttemptEnd end)
    {
        var result = end.Result!;
        var done = stage with
        {
            State = StageState.Succeeded,
            CompletionTime = end.FinishedAt ?? result.CompletionTime.UtcDateTime,
            NextAttemptTime = null,
            StopReason = null,
        };
        draft.Put(result.Training is { } training ? WithTraining(done, training) : done with { Progress = Whole(done.Progress) });
        if (result.Evaluation is { } evaluation && draft.Status is EvalRunStatus status)
        {
            draft.Status = status with { Result = Result(evaluation) with { CurvesUri = $"{status.ArtifactsUri}curve.jsonl" } };
        }

        if (result.RecordDigest is { } record)
        {
            var folder = result.Training is null ? "" : $"{stage.Name}/";
            draft.Status = draft.Status with { Record = new() { Uri = $"{draft.Status.ArtifactsUri}{folder}record.json", Digest = record } };
        }

        draft.Remove(ConditionType.Scheduled, ConditionType.Progressing, ConditionType.Suspended);
        draft.Tell(EventSeverity.Normal, "StageCompleted", $"Stage {stage.Name} has its result after attempt {stage.Attempt}.");
        if (draft.Stage is not { } next)
        {
            return EndRules.Succeed(draft);
        }

        // The next stage's Job comes after this status: a result that is recorded is never computed again.
        draft.Reconciling(Reason.Starting, $"Stage {stage.Name} is done, {next.Name} is next.");
        draft.LookAgainAfter(TimeSpan.Zero);
        return draft.Rest();
    }

    private static StageStatus WithTraining(StageStatus stage, TrainingOutcome training)
    {
        var kept = (training.Checkpoints ?? []).OrderBy(checkpoint => checkpoint.Step).ToList();
        var last = new CheckpointStatus { Path = training.Checkpoint, Digest = training.WeightsDigest, Step = training.Steps };
        return stage with
        {
            Checkpoint = last,
            CheckpointTime = null,
            Best = kept.LastOrDefault(checkpoint => checkpoint.Best) is { } best ? Checkpoint(best) : null,
            Kept = kept.Where(checkpoint => !checkpoint.Best && checkpoint.Path != last.Path).Select(Checkpoint).TakeLast(MostKept).ToList() is { Count: > 0 } others ? others : null,
            Progress = Whole(stage.Progress) with { Step = training.Steps, TotalSteps = training.Steps, Loss = training.FinalLoss },
        };
    }

    private static ProgressStatus Whole(ProgressStatus? progress) =>
        (progress ?? new()) with { Percent = 100, Step = progress?.TotalSteps ?? 0, Epoch = WholeEpochs(progress), Eta = null };

    private static double? WholeEpochs(ProgressStatus? progress) =>
        progress is { Step: > 0, Epoch: { } epoch } ? Math.Round(epoch * progress.TotalSteps / progress.Step, 2) : null;

    private static CheckpointStatus Checkpoint(KeptCheckpoint kept) => new() { Path = kept.Path, Digest = kept.Digest, Step = kept.Step };

    private static EvalResult Result(EvaluationOutcome outcome) => new()
    {
        Top1 = outcome.Top1, Top5 = outcome.Top5, MeanClassAccuracy = outcome.MeanClassAccuracy, Samples = outcome.Samples,
    };
}
