using Ppma.Api;
using Ppma.Api.Recipes;
using Ppma.Api.Resolution;
using Ppma.Api.Tasks;
using Ppma.Learning.Costs;
using Ppma.Learning.Optimization;
using Ppma.Worker.Tasks;

namespace Ppma.Cli.Explaining;

/// <summary>A resolved task into its numbers and their cost. Pure.</summary>
/// <param name="datasets">What is known of each VideoDataset of the run's namespace, and from where.</param>
/// <param name="assumptions">Of the machine.</param>
internal sealed class TaskExplainer(IReadOnlyDictionary<string, (DatasetFacts Facts, string Source)> datasets, CostAssumptions assumptions)
{
    /// <param name="task">The task.</param>
    /// <param name="recipe">Its preset.</param>
    /// <param name="overrides">The part of the manifest that names the preset.</param>
    /// <param name="weights">Where the run's weights come from, for people.</param>
    public ExplainedTask Explain(TaskSpec task, Recipe recipe, IRecipeOverrides overrides, string weights)
    {
        IReadOnlyList<ExplainedData> data = Data(task);
        OptimizationSpec optimization = task.PretrainStage?.Optimization ?? task.Evaluate!.Optimization;
        int classes = Classes(task);
        StepWork work = TaskWork.Of(task, classes);
        StepCost step = StepCost.Of(work);
        return new ExplainedTask
        {
            Kind = task.Run.Kind,
            Run = task.Run.Name,
            Stage = task.PretrainStage?.Name,
            What = What(task),
            Preset = overrides.Preset,
            Overrides = RecipeOverride.Of(overrides, recipe),
            Weights = weights,
            Data = data,
            Task = task,
            Classes = classes,
            Epochs = overrides.Steps is not null ? null : overrides.Epochs ?? recipe.Epochs,
            Clips = KeepsFeatures(task) ? task.Evaluate!.TrainViews * Trained(data) : (double)optimization.Steps * optimization.BatchSize / optimization.ViewsPerClip,
            Rate = Rate(optimization),
            Step = step,
            Work = work,
            Cost = Cost(task, optimization, work, step, data),
        };
    }

    private IReadOnlyList<ExplainedData> Data(TaskSpec task) => task.Evaluate is { } evaluate
        ? [Data(evaluate.Train, "train"), Data(evaluate.Test, "test")]
        : [
            .. task.PretrainStage!.Datasets.Select(dataset => Data(dataset, "train")),
            .. task.PretrainStage.Validation is { } validation ? [Data(validation.Dataset, "validation")] : (ExplainedData[])[],
        ];

    private ExplainedData Data(DatasetInput input, string use)
    {
        (DatasetFacts facts, string source) = datasets[input.Name];
        return new(input.Name, input.Split, use, facts.Samples[input.Split], facts.Classes.Count, source);
    }

    private int Classes(TaskSpec task)
    {
        if (task.Evaluate is { } evaluate)
        {
            return datasets[evaluate.Train.Name].Facts.Classes.Count;
        }

        PretrainStageTask stage = task.PretrainStage!;
        IReadOnlyList<string>[] names = [.. stage.Datasets.Select(dataset => datasets[dataset.Name].Facts.Classes)];
        return (stage.Objective, stage.LabelSpace) switch
        {
            (Objective.MaskedAutoencoding, _) => 0,
            (_, LabelSpace.ByIndex) => names.Max(set => set.Count),
            (_, LabelSpace.ByName) => names.SelectMany(set => set).Distinct(StringComparer.Ordinal).Count(),
            _ => names.Sum(set => set.Count),
        };
    }

    private RunCost Cost(TaskSpec task, OptimizationSpec optimization, StepWork work, StepCost step, IReadOnlyList<ExplainedData> data)
    {
        double Views(double views) => StepFlops.Inference(work.Model, work.Classes, views);
        double training = KeepsFeatures(task)
            ? Views((double)Trained(data) * task.Evaluate!.TrainViews)
            : optimization.Steps * step.Flops.Total;
        double evaluation = data.Sum(set => set.Use switch
        {
            "test" => Views((double)set.Samples * task.Evaluate!.TestClips * task.Evaluate.TestCrops),
            "validation" => Math.Ceiling((double)optimization.Steps / task.PretrainStage!.Validation!.EverySteps) * set.Samples * step.Flops.Forward / work.Batch,
            _ => 0,
        });
        double rate = assumptions.FlopsPerSecond(task.Precision);
        double stepSeconds = step.Flops.Total / rate;
        return new RunCost(
            training,
            evaluation,
            (training + evaluation) / rate / 3600,
            stepSeconds,
            assumptions.UploadSeconds(step.CheckpointBytes),
            assumptions.GracePeriodSeconds(stepSeconds, step.CheckpointBytes));
    }

    private static ExplainedRate Rate(OptimizationSpec optimization)
    {
        RateSchedule schedule = optimization.Schedule == SchedulePreset.Adaptive
            ? RateSchedule.AdaptiveScores(optimization.PeakRate, optimization.RateScale)
            : optimization.ToSchedule();
        double afterWarmup = schedule.At(schedule.WarmupShare);
        return new(
            schedule.At(0), Math.Max(schedule.WarmupTo, afterWarmup), afterWarmup, schedule.At(1), (long)Math.Round(schedule.WarmupShare * optimization.Steps));
    }

    private static long Trained(IReadOnlyList<ExplainedData> data) => data.Where(set => set.Use == "train").Sum(set => set.Samples);

    private static bool KeepsFeatures(TaskSpec task) => task.Evaluate is { Protocol: Protocol.LinearProbe, TrainViews: > 0 };

    private static string What(TaskSpec task) => task switch
    {
        { PretrainStage.Objective: Objective.MaskedAutoencoding } => "masked autoencoding",
        { PretrainStage: not null } => "action classification",
        { Evaluate.Weights.IsAdaptiveAverage: true } => "adaptive average, scores and head learn",
        { Evaluate.Protocol: Protocol.FineTune } => "fine-tuning",
        { Evaluate.Trunk: TrunkMode.Published } => "linear probe as published (trunk trained too)",
        { Evaluate.TrainViews: > 0 } => "linear probe over kept features, trunk frozen",
        _ => "linear probe, trunk frozen",
    };
}
