using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Datasets.Labels;
using Ppma.Datasets.Reading;
using Ppma.Learning.Evaluation;
using Ppma.Learning.Models;
using Ppma.Learning.Precision;
using Ppma.Learning.Training;
using Ppma.Video.Loading;
using Ppma.Worker.Execution;
using static TorchSharp.torch;

namespace Ppma.Worker.Tasks;

/// <summary>Fine-tuning, and linear probes that draw fresh views: trained like a stage, with checkpoints, then tested.</summary>
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
        using var model = new VideoClassifier(
            task.Model.ToOptions(task.Optimization.DropPath), train.Index.Classes.Count, context.Task.Seed, TaskDevice.Current);
        if (task.Protocol == Protocol.LinearProbe)
        {
            model.FreezeTrunk();
        }

        Train(context, task, train, model, stopping);
        return KeptFeaturesProbe.Outcome(context, Test(context, task, test, model, stopping), task.Optimization.PeakRate, []);
    }

    private static void Train(TaskContext context, EvaluateTask task, Dataset train, VideoClassifier model, CancellationToken stopping)
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

    private static AccuracyCounter Test(TaskContext context, EvaluateTask task, Dataset test, VideoClassifier model, CancellationToken stopping)
    {
        model.Training = false;
        var counter = new AccuracyCounter(model.Classes);
        var views = new SampleViews(test, task.Clip.ToTestCut(task.Model), TaskTraining.Loading(context));
        context.Damaged.Add(views.Damaged);
        foreach (SampleViewBatch batch in views.Evaluation(task.TestClips, task.TestCrops, ClipsPerBatch, stopping))
        {
            using (batch)
            {
                Count(counter, model, batch, context.Task.Precision.ToCompute());
            }

            context.Progress.Report("testing", counter.Samples, test.Count, batch.Labels.Count);
        }

        context.Progress.ReportDamaged(counter.Damaged);
        return counter;
    }

    private static void Count(AccuracyCounter counter, VideoClassifier model, SampleViewBatch batch, ComputePrecision compute)
    {
        float[] logits = MeanLogits(model, batch, compute);
        for (int sample = 0; sample < batch.Labels.Count; sample++)
        {
            if (batch.Damaged[sample])
            {
                counter.AddDamaged(batch.Labels[sample]);
            }
            else
            {
                counter.Add(logits.AsSpan(sample * model.Classes, model.Classes), batch.Labels[sample]);
            }
        }
    }

    /// <summary>(samples · classes): the logits of each sample's views, averaged.</summary>
    internal static float[] MeanLogits(VideoClassifier model, SampleViewBatch batch, ComputePrecision compute)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var precision = Autocast.Begin(model.Device, compute);
        Tensor logits = model.Forward(batch.ToDevice(model.Device).flatten(0, 1)).to_type(ScalarType.Float32);
        return logits.view(batch.Labels.Count, -1, model.Classes).mean([1]).contiguous().cpu().data<float>().ToArray();
    }
}
