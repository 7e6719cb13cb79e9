using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Datasets.Labels;
using Ppma.Datasets.Reading;
using Ppma.Learning.Models;
using Ppma.Learning.Training;
using Ppma.Video.Loading;
using Ppma.Worker.Execution;

namespace Ppma.Worker.Tasks;

/// <summary>Computes one stage of a PretrainRun.</summary>
internal sealed class PretrainStageRunner : ITaskRunner
{
    public TaskKind Kind => TaskKind.PretrainStage;

    public Task<TaskResult> RunAsync(TaskContext context, CancellationToken stopping) =>
        Task.FromResult(context.Result(training: TaskFaults.Explain(() => Train(context, context.Task.PretrainStage!, stopping))));

    private static TrainingOutcome Train(TaskContext context, PretrainStageTask stage, CancellationToken stopping)
    {
        Dataset[] datasets = [.. stage.Datasets.Select(input => TaskDatasets.Open(context, input, stage.AllowRealHumans, stopping))];
        context.Data.RequireRoom(stage.Datasets, datasets, stage.ShuffleBlockBytes);
        return stage.Objective == Objective.MaskedAutoencoding
            ? Reconstruct(context, stage, datasets, stopping)
            : Classify(context, stage, datasets, stopping);
    }

    private static TrainingOutcome Reconstruct(TaskContext context, PretrainStageTask stage, Dataset[] datasets, CancellationToken stopping)
    {
        using var model = new MaskedAutoencoder(stage.Model.ToOptions(stage.Optimization.DropPath), context.Task.Seed, TaskDevice.Current);
        TrainingViews views = Views(context, stage, datasets);
        TrainingOutcome outcome = Run(context, stage, new MaskedAutoencoding(model), Batches(views), views, stopping);

        // Views of their own: what is read again is not counted again.
        Reconstructions.Write(context, model, Batches(Views(context, stage, datasets)));
        return outcome;

        MaskedBatches Batches(TrainingViews from) => new(from, model.Options, stage.MaskRatio, context.Task.Seed);
    }

    private static TrainingOutcome Classify(TaskContext context, PretrainStageTask stage, Dataset[] datasets, CancellationToken stopping)
    {
        foreach ((DatasetInput input, Dataset dataset) in stage.Datasets.Zip(datasets))
        {
            TaskDatasets.RequireClasses(input, dataset);
        }

        IReadOnlyList<string>[] classes = [.. datasets.Select(dataset => dataset.Index.Classes)];
        LabelMap labels = stage.LabelSpace switch
        {
            LabelSpace.ByIndex => LabelMap.ByIndex(classes),
            LabelSpace.PerDataset => LabelMap.PerDataset(classes),
            _ => LabelMap.ByName(classes),
        };
        PublishClasses(context, stage, labels);

        using var model = new VideoClassifier(
            stage.Model.ToOptions(stage.Optimization.DropPath), [.. labels.Heads.Select(head => head.Count)], context.Task.Seed, TaskDevice.Current);
        TrainingViews views = Views(context, stage, datasets);
        var batches = new ClassifierBatches(views, labels, stage.Augmentation, context.Task.Seed);
        return Run(context, stage, new ActionClassification(model), batches, views, stopping);
    }

    /// <summary>What the outputs mean: a list, or where every data set has a head one list each.</summary>
    private static void PublishClasses(TaskContext context, PretrainStageTask stage, LabelMap labels)
    {
        if (stage.LabelSpace == LabelSpace.PerDataset)
        {
            context.Artifacts.PublishJson("classes.json", labels.Heads);
        }
        else
        {
            context.Artifacts.PublishJson("classes.json", labels.Heads[0]);
        }
    }

    private static TrainingViews Views(TaskContext context, PretrainStageTask stage, Dataset[] datasets) => new(
        datasets,
        TaskTraining.Plan(context.Task, stage.Optimization, stage.ShuffleBlockBytes) with
        {
            Weights = stage.Datasets.All(dataset => dataset.Weight > 0) ? [.. stage.Datasets.Select(dataset => dataset.Weight)] : null,
        },
        stage.Clip.ToTrainingCut(stage.Model, stage.Augmentation),
        TaskTraining.Loading(context));

    private static TrainingOutcome Run(
        TaskContext context, PretrainStageTask stage, ITrainingObjective objective, IBatchSource batches, TrainingViews views, CancellationToken stopping)
    {
        using var run = new TaskTrainingRun(context, stage.Optimization, stage.Weights, views);
        TrainingSummary summary = TaskTraining.Run(context, stage.Optimization, objective, batches, run, stopping);
        return new TrainingOutcome
        {
            Steps = summary.State.Step,
            FinalLoss = run.Curve.FinalLoss(),
            Checkpoint = context.Artifacts.RelativeToRun(Path.Combine(context.Artifacts.Checkpoints, summary.Checkpoint.FolderName)),
            WeightsDigest = summary.Checkpoint.ModelDigest,
            DamagedClips = views.Damaged.Count,
            DamagedSamples = context.DamagedSamples(),
            ComputeSeconds = summary.State.ComputeSeconds,
        };
    }
}
