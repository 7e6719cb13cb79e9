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
        using ClipFeatures learning = Extract(
            context, "reading training clips", task.Train.Name, model, train.Count,
            training.Training(context.Task.Seed, task.TrainViews, ClipsPerBatch, stopping)).Features;

        var testing = new SampleViews(test, task.Clip.ToTestCut(task.Model), TaskTraining.Loading(context));
        context.Damaged.Add(testing.Damaged);
        ReadClips read = Extract(
            context, "reading test clips", task.Test.Name, model, test.Count,
            testing.Evaluation(task.TestClips, task.TestCrops, ClipsPerBatch, stopping));
        using ClipFeatures judging = read.Features;
        learning.StandardiseInPlace(judging);

        (double rate, IReadOnlyList<RateTrial> trials) = ChooseRate(context, task, learning, options, stopping);
        context.Progress.Report("training", 0, 1, 0);
        using LinearHead head = LinearProbe.Train(learning, rate, options, stopping);
        IReadOnlyList<ClipPrediction> predictions = Predict(head, read, options.Classes);
        context.Progress.Report("testing", test.Count, test.Count, 0);
        return TrialOutcome.Of(context, test, predictions, rate, trials);
    }

    private static List<ClipPrediction> Predict(LinearHead head, ReadClips clips, int classes)
    {
        float[] logits = head.Logits(clips.Features);
        return
        [
            .. clips.Ordinals
                .Select((ordinal, row) => ClipPrediction.Of(ordinal, clips.Features.Labels[row], logits.AsSpan(row * classes, classes)))
                .Concat(clips.Damaged)
                .OrderBy(prediction => prediction.Ordinal),
        ];
    }

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

    private static ReadClips Extract(
        TaskContext context, string phase, string dataset, VideoClassifier model, int clips, IEnumerable<SampleViewBatch> batches)
    {
        var parts = new List<Tensor>();
        var labels = new List<int>();
        var ordinals = new List<int>();
        var damaged = new List<ClipPrediction>();
        try
        {
            foreach (SampleViewBatch batch in batches)
            {
                using (batch)
                {
                    int[] good = [.. Enumerable.Range(0, batch.Labels.Count).Where(i => !batch.Damaged[i])];
                    damaged.AddRange(Enumerable.Range(0, batch.Labels.Count).Except(good)
                        .Select(i => ClipPrediction.OfDamaged(batch.FirstOrdinal + i, batch.Labels[i])));
                    labels.AddRange(good.Select(i => batch.Labels[i]));
                    ordinals.AddRange(good.Select(i => batch.FirstOrdinal + i));
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

            return new ReadClips(new ClipFeatures(cat(parts, 0).DetachFromDisposeScope(), labels), ordinals, damaged);
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

    /// <summary>The clips of a split.</summary>
    /// <param name="Features">Of those that decode.</param>
    /// <param name="Ordinals">Of the same clips.</param>
    /// <param name="Damaged">Those that do not.</param>
    private sealed record ReadClips(ClipFeatures Features, IReadOnlyList<int> Ordinals, IReadOnlyList<ClipPrediction> Damaged);
}
