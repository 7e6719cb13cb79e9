using Ppma.Api.Tasks;
using Ppma.Datasets.Ordering;
using Ppma.Datasets.Reading;
using Ppma.Learning.Evaluation;
using Ppma.Learning.Models;
using Ppma.Learning.Precision;
using Ppma.Video.Loading;
using Ppma.Worker.Execution;
using static TorchSharp.torch;

namespace Ppma.Worker.Tasks;

/// <summary>A linear probe over features that the frozen trunk gives once: a few fixed views of every training clip.</summary>
internal static class KeptFeaturesProbe
{
    private const int ClipsPerBatch = 64;

    public static EvaluationOutcome Run(TaskContext context, EvaluateTask task, Dataset train, Dataset test, CancellationToken stopping)
    {
        ProbeOptions options = Options(context, task, train);
        using var model = new VideoClassifier(task.Model.ToOptions(), options.Classes, context.Task.Seed, TaskDevice.Current);
        InitialWeights.Load(task.Weights, model, context);
        model.FreezeTrunk();

        var training = new SampleViews(train, task.Clip.ToTrainingCut(task.Model, task.Augmentation), TaskTraining.Loading(context));
        context.Damaged.Add(training.Damaged);
        (ClipFeatures learn, _) = Extract(
            context, "reading training clips", task.Train.Name, model, train.Count,
            training.Training(context.Task.Seed, task.TrainViews, ClipsPerBatch, stopping));
        using ClipFeatures learning = learn;

        var testing = new SampleViews(test, task.Clip.ToTestCut(task.Model), TaskTraining.Loading(context));
        context.Damaged.Add(testing.Damaged);
        (ClipFeatures judge, IReadOnlyList<int> damaged) = Extract(
            context, "reading test clips", task.Test.Name, model, test.Count,
            testing.Evaluation(task.TestClips, task.TestCrops, ClipsPerBatch, stopping));
        using ClipFeatures judging = judge;
        learning.StandardiseInPlace(judging);

        (double rate, IReadOnlyList<RateTrial> trials) = ChooseRate(context, task, learning, options, stopping);
        context.Progress.Report("training", 0, 1, 0);
        using LinearHead head = LinearProbe.Train(learning, rate, options, stopping);
        AccuracyCounter score = head.Score(judging);
        foreach (int label in damaged)
        {
            score.AddDamaged(label);
        }

        context.Progress.Report("testing", test.Count, test.Count, 0);
        return Outcome(context, score, rate, trials);
    }

    internal static EvaluationOutcome Outcome(TaskContext context, AccuracyCounter score, double rate, IReadOnlyList<RateTrial> trials) => new()
    {
        Top1 = score.Top1,
        Top5 = score.Top5,
        MeanClassAccuracy = score.MeanClassAccuracy,
        Samples = score.Samples,
        DamagedClips = score.Damaged,
        DamagedSamples = context.DamagedSamples(),
        PeakRate = rate,
        RateTrials = trials,
    };

    private static ProbeOptions Options(TaskContext context, EvaluateTask task, Dataset train) => new()
    {
        Classes = train.Index.Classes.Count,
        Steps = task.Optimization.Steps,
        BatchSize = task.Optimization.BatchSize,
        RateScale = task.Optimization.RateScale,
        WarmupShare = task.Optimization.WarmupShare,
        WeightDecay = task.Optimization.WeightDecay,
        LabelSmoothing = task.Augmentation.LabelSmoothing,
        Seed = context.Task.Seed,
    };

    private static (double Rate, IReadOnlyList<RateTrial> Trials) ChooseRate(
        TaskContext context, EvaluateTask task, ClipFeatures learning, ProbeOptions options, CancellationToken stopping)
    {
        if (task.RateCandidates.Count == 0)
        {
            return (task.Optimization.PeakRate, []);
        }

        if (Holdout.Choose(learning.Labels, task.HoldoutShare, options.Seed).HeldOut.Length == 0)
        {
            throw new TaskFailedException(
                ExitCodes.BadSpec,
                $"Data set '{task.Train.Name}' has so few clips of each class in split '{task.Train.Split}' that a share of {task.HoldoutShare} holds none out, " +
                "so no rate can be chosen. Raise holdoutShare, or set rateCandidates: [] and optimization.peakRate.");
        }

        context.Progress.Report("choosing rate", 0, task.RateCandidates.Count, 0);
        IReadOnlyList<double> scores = LinearProbe.TryRates(learning, task.RateCandidates, task.HoldoutShare, options, stopping);
        RateTrial[] trials = [.. task.RateCandidates.Zip(scores, (rate, top1) => new RateTrial(rate, top1))];

        // Of equal rates the lower one: it moved less to get there.
        return (trials.OrderByDescending(trial => trial.Top1).ThenBy(trial => trial.PeakRate).First().PeakRate, trials);
    }

    /// <summary>Features of all clips that decode, and the labels of those that do not.</summary>
    private static (ClipFeatures Features, IReadOnlyList<int> Damaged) Extract(
        TaskContext context, string phase, string dataset, VideoClassifier model, int clips, IEnumerable<SampleViewBatch> batches)
    {
        var parts = new List<Tensor>();
        var labels = new List<int>();
        var damaged = new List<int>();
        try
        {
            foreach (SampleViewBatch batch in batches)
            {
                using (batch)
                {
                    int[] good = [.. Enumerable.Range(0, batch.Labels.Count).Where(i => !batch.Damaged[i])];
                    damaged.AddRange(batch.Labels.Where((_, i) => batch.Damaged[i]));
                    labels.AddRange(good.Select(i => batch.Labels[i]));
                    if (good.Length > 0)
                    {
                        parts.Add(Features(context, model, batch, good));
                    }

                    context.Progress.Report(phase, labels.Count + damaged.Count, clips, batch.Labels.Count);
                }
            }

            context.Progress.ReportDamaged(damaged.Count);
            if (parts.Count == 0)
            {
                throw new TaskFailedException(
                    ExitCodes.DataDigestMismatch,
                    $"None of the {clips} clips of data set '{dataset}' could be decoded. Find out why with 'ppma dataset verify --read-shards', and pack the data set again.");
            }

            return (new ClipFeatures(cat(parts, 0).DetachFromDisposeScope(), labels), damaged);
        }
        finally
        {
            parts.ForEach(part => part.Dispose());
        }
    }

    private static Tensor Features(TaskContext context, VideoClassifier model, SampleViewBatch batch, int[] good)
    {
        using var scope = NewDisposeScope();
        Tensor video = batch.ToDevice(model.Device);
        using var precision = Autocast.Begin(model.Device, context.Task.Precision.ToCompute());
        long views = video.shape[1];
        Tensor chosen = good.Length == video.shape[0] ? video : video.index_select(0, tensor(good.Select(i => (long)i).ToArray(), device: model.Device));
        return model.Features(chosen.flatten(0, 1)).to_type(ScalarType.Float32).cpu()
            .view(good.Length, views, -1).MoveToOuterDisposeScope().DetachFromDisposeScope();
    }
}
