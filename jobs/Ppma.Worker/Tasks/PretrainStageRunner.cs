using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Datasets.Labels;
using Ppma.Datasets.Reading;
using Ppma.Learning.Models;
using Ppma.Learning.Training;
using Ppma.Video.Loading;
using Ppma.Worker.Execution;
using Ppma.Worker.Validation;

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
        Dataset? validation = stage.Validation is { } spec ? TaskDatasets.Open(context, spec.Dataset, stage.AllowRealHumans, stopping) : null;
        context.Data.RequireRoom(stage.Datasets, datasets, stage.ShuffleBlockBytes);
        ValidationClips? clips = validation is null ? null : new ValidationClips(context, stage, validation);
        return stage.Objective == Objective.MaskedAutoencoding
            ? Reconstruct(context, stage, datasets, clips, stopping)
            : Classify(context, stage, datasets, clips, stopping);
    }

    private static TrainingOutcome Reconstruct(
        TaskContext context, PretrainStageTask stage, Dataset[] datasets, ValidationClips? clips, CancellationToken stopping)
    {
        using var model = new MaskedAutoencoder(stage.Model.ToOptions(stage.Optimization.DropPath), context.Task.Seed, TaskDevice.Current);
        var masks = new MaskDraw(model.Options, stage.MaskRatio);

        // Views of their own: what is read again is not counted again.
        var reconstructions = new Reconstructions(context, stage, Batches(Views(context, stage, datasets)), stopping);
        IValidationMeasure? measure = clips is null ? null : new ReconstructionMeasure(clips, masks, context.Task.Seed);
        using StageInspection inspection = Inspection(context, stage, measure, reconstructions, stopping);
        TrainingViews views = Views(context, stage, datasets);
        return Run(context, stage, new MaskedAutoencoding(model), Batches(views), views, inspection, stopping);

        MaskedBatches Batches(TrainingViews from) => new(from, masks, context.Task.Seed);
    }

    private static TrainingOutcome Classify(
        TaskContext context, PretrainStageTask stage, Dataset[] datasets, ValidationClips? clips, CancellationToken stopping)
    {
        foreach ((DatasetInput input, Dataset dataset) in stage.Datasets.Zip(datasets))
        {
            TaskDatasets.RequireClasses(input, dataset);
        }

        LabelMap labels = StageLabels.Of(stage.LabelSpace, datasets);
        ClassificationMeasure? measure = clips is null ? null : StageLabels.Measure(stage, clips, labels);
        StageLabels.Publish(context, stage.LabelSpace, labels);

        using var model = new VideoClassifier(
            stage.Model.ToOptions(stage.Optimization.DropPath), [.. labels.Heads.Select(head => head.Count)], context.Task.Seed, TaskDevice.Current);
        using StageInspection inspection = Inspection(context, stage, measure, reconstructions: null, stopping);
        TrainingViews views = Views(context, stage, datasets);
        var batches = new ClassifierBatches(views, labels, stage.Augmentation, context.Task.Seed);
        return Run(context, stage, new ActionClassification(model), batches, views, inspection, stopping);
    }

    private static StageInspection Inspection(
        TaskContext context, PretrainStageTask stage, IValidationMeasure? measure, Reconstructions? reconstructions, CancellationToken stopping) =>
        new(measure is null ? null : new StageValidation(context, stage, measure, stopping), reconstructions);

    private static TrainingViews Views(TaskContext context, PretrainStageTask stage, Dataset[] datasets) => new(
        datasets,
        TaskTraining.Plan(context.Task, stage.Optimization, stage.Augmentation, stage.ShuffleBlockBytes) with
        {
            Weights = stage.Datasets.All(dataset => dataset.Weight > 0) ? [.. stage.Datasets.Select(dataset => dataset.Weight)] : null,
        },
        stage.Clip.ToTrainingCut(stage.Model, stage.Augmentation),
        TaskTraining.Loading(context, StageMemory.Training(hasValidation: stage.Validation is not null)));

    private static TrainingOutcome Run(
        TaskContext context,
        PretrainStageTask stage,
        ITrainingObjective objective,
        IBatchSource batches,
        TrainingViews views,
        StageInspection inspection,
        CancellationToken stopping)
    {
        using var run = new TaskTrainingRun(context, stage.Optimization, stage.Weights, views, inspection);
        TrainingSummary summary = TaskTraining.Run(context, stage.Optimization, objective, batches, run, stopping);
        return new TrainingOutcome
        {
            Steps = summary.State.Step,
            FinalLoss = run.Curve.FinalLoss(),
            Checkpoint = context.Artifacts.RelativeToRun(Path.Combine(context.Artifacts.Checkpoints, summary.Checkpoint.FolderName)),
            WeightsDigest = summary.Checkpoint.ModelDigest,
            LastValidation = inspection.Validation?.Last,
            BestValidation = inspection.Validation?.Best,
            Checkpoints = run.KeptCheckpoints,
            DamagedClips = views.Damaged.Count,
            DamagedSamples = context.DamagedSamples(),
            ComputeSeconds = summary.State.ComputeSeconds,
        };
    }
}
