using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Datasets.Labels;
using Ppma.Datasets.Reading;
using Ppma.Learning.Evaluation;
using Ppma.Learning.Models;
using Ppma.Learning.Training;
using Ppma.Video.Loading;
using Ppma.Worker.Execution;

namespace Ppma.Worker.Tasks;

/// <summary>Fine-tuning, adaptive averages, and linear probes that draw fresh views: trained like a stage, with checkpoints, then tested.</summary>
internal static class TrainedEvaluation
{
    private const int ClipsPerBatch = 8;

    public static EvaluationOutcome Run(TaskContext context, EvaluateTask task, Dataset train, Dataset test, CancellationToken stopping)
    {
        if (task.RateCandidates.Count > 0)
        {
            throw new TaskFailedException(
                ExitCodes.BadSpec,
                "evaluate.rateCandidates needs evaluate.trainViews of at least 1: only a probe over kept features tries several rates. Remove the candidates, or keep features.");
        }

        context.Data.RequireRoom([task.Train], [train], task.ShuffleBlockBytes);
        using ClipClassifier model = task.Weights.IsAdaptiveAverage
            ? InitialWeights.LoadAdaptiveAverage(context, task, train.Index.Classes.Count)
            : Classifier(context, task, train.Index.Classes.Count);
        Train(context, task, train, model, stopping);
        EvaluationOutcome outcome = TrialOutcome.Of(context, test, Test(context, task, test, model, stopping), task.Optimization.PeakRate, []);
        return model is AdaptiveAverage average ? outcome with { MemberShares = MemberShares.Publish(context.Artifacts, average) } : outcome;
    }

    private static VideoClassifier Classifier(TaskContext context, EvaluateTask task, int classes)
    {
        var model = new VideoClassifier(task.Model.ToOptions(task.Optimization.DropPath), classes, context.Task.Seed, TaskDevice.Current);
        if (task is { Protocol: Protocol.LinearProbe, Trunk: TrunkMode.Frozen })
        {
            model.FreezeTrunk();
        }

        return model;
    }

    private static void Train(TaskContext context, EvaluateTask task, Dataset train, ClipClassifier model, CancellationToken stopping)
    {
        var views = new TrainingViews(
            [train],
            TaskTraining.Plan(context.Task, task.Optimization, task.Augmentation, task.ShuffleBlockBytes),
            task.Clip.ToTrainingCut(task.Model, task.Augmentation),
            TaskTraining.Loading(context));
        var batches = new ClassifierBatches(views, LabelMap.ByIndex([train.Index.Classes]), task.Augmentation, context.Task.Seed);
        using var run = new TaskTrainingRun(context, task.Optimization, task.Weights, views);
        TaskTraining.Run(context, task.Optimization, new ActionClassification(model), batches, run, stopping);
    }

    private static List<ClipPrediction> Test(TaskContext context, EvaluateTask task, Dataset test, ClipClassifier model, CancellationToken stopping)
    {
        var views = new SampleViews(test, task.Clip.ToTestCut(task.Model), TaskTraining.Loading(context));
        context.Damaged.Add(views.Damaged);
        var predictions = new List<ClipPrediction>(test.Count);
        foreach (ClipPrediction prediction in ClipTest.Predict(
            model, views.Evaluation(task.TestClips, task.TestCrops, ClipsPerBatch, stopping), context.Task.Precision.ToCompute()))
        {
            predictions.Add(prediction);
            context.Progress.Report("testing", predictions.Count, test.Count, clips: 1);
        }

        context.Progress.ReportDamaged(predictions.Count(prediction => prediction.Damaged));
        return predictions;
    }
}
