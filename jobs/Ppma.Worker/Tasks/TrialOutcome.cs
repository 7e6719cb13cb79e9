using Ppma.Api.Tasks;
using Ppma.Datasets.Reading;
using Ppma.Learning.Evaluation;
using Ppma.Worker.Execution;

namespace Ppma.Worker.Tasks;

/// <summary>From what was said of each test clip to the numbers of a trial.</summary>
internal static class TrialOutcome
{
    /// <summary>Counts the predictions, and leaves them in the artifacts.</summary>
    /// <param name="context">The task.</param>
    /// <param name="test">The split that was tested.</param>
    /// <param name="predictions">One for each clip of the split, in the order of the ordinals.</param>
    /// <param name="rate">The peak rate that was used.</param>
    /// <param name="trials">What other rates reached on held-out clips.</param>
    public static EvaluationOutcome Of(
        TaskContext context, Dataset test, IReadOnlyList<ClipPrediction> predictions, double rate, IReadOnlyList<RateTrial> trials)
    {
        var score = new AccuracyCounter(test.Index.Classes.Count);
        foreach (ClipPrediction prediction in predictions)
        {
            score.Add(prediction);
        }

        EvaluationFiles.Publish(context.Artifacts, test, predictions);
        return new EvaluationOutcome
        {
            Top1 = score.Top1,
            Top5 = score.Top5,
            MeanClassAccuracy = score.MeanClassAccuracy,
            Top1Interval = Interval(score.Top1Interval),
            Top5Interval = Interval(score.Top5Interval),
            Samples = score.Samples,
            DamagedClips = score.Damaged,
            DamagedSamples = context.DamagedSamples(),
            PeakRate = rate,
            RateTrials = trials,
        };
    }

    private static ShareInterval Interval((double Low, double High) bounds) => new(bounds.Low, bounds.High);
}
