using System.Globalization;
using System.Numerics;
using Ppma.Api.Tasks;
using Ppma.Learning.Optimization;
using Ppma.Learning.Training;
using Ppma.Video.Loading;
using Ppma.Worker.Execution;
using static TorchSharp.torch;

namespace Ppma.Worker.Tasks;

/// <summary>The training loop as a task sets it up: the same for a stage and for a trial that trains.</summary>
internal static class TaskTraining
{
    public static TrainingPlan Plan(TaskSpec task, OptimizationSpec optimization, AugmentationSpec augmentation, long shuffleBlockBytes) => new()
    {
        Seed = task.Seed,
        ClipsPerBatch = optimization.BatchSize / optimization.ViewsPerClip,
        ViewsPerClip = optimization.ViewsPerClip,
        ShuffleBlockBytes = shuffleBlockBytes,
        ClipsPerGroup = ClipsPerGroup(optimization, augmentation),
    };

    /// <summary>Clips that stay on one rank: those whose views fill whole groups of <see cref="AugmentationSpec.MixGroup"/>.</summary>
    private static int ClipsPerGroup(OptimizationSpec optimization, AugmentationSpec augmentation)
    {
        int group = augmentation.MixUpAlpha > 0 || augmentation.CutMixAlpha > 0 ? augmentation.MixGroup : 1;
        return group / (int)BigInteger.GreatestCommonDivisor(group, optimization.ViewsPerClip);
    }

    /// <param name="context">The task.</param>
    /// <param name="memoryShare">What this reading may take of the memory for loading.</param>
    public static LoadingOptions Loading(TaskContext context, double memoryShare = 1) => new()
    {
        Threads = context.Task.Threads, MemoryBytes = (long?)(context.Data.MemoryBytes * memoryShare), Metrics = context.Data.Metrics,
    };

    public static TrainingSummary Run(
        TaskContext context, OptimizationSpec optimization, ITrainingObjective objective, IBatchSource batches, ITrainingRun run, CancellationToken stopping)
    {
        objective.Model.RecomputesBlocks = optimization.RecomputeActivations;
        using var optimizer = new FusedAdamW(
            ParameterGroups.Of(objective.Model, optimization.WeightDecay, optimization.LayerDecay, optimization.ToScoreSchedule()), optimization.ToAdamW());
        return new Trainer(
            Options(context.Task, optimization), objective, optimizer, optimization.ToSchedule(), batches, run, context.TimeProvider).Run(stopping);
    }

    private static TrainerOptions Options(TaskSpec task, OptimizationSpec optimization) => new()
    {
        Steps = optimization.Steps,
        Seed = task.Seed,
        Precision = task.Precision.ToCompute(),
        ClipNorm = optimization.ClipNorm,
        AccumulationSteps = optimization.AccumulationSteps,
        EmaDecay = optimization.EmaDecay,
        MostSkippedInARow = optimization.MostSkippedInARow,
        ClipsPerStep = optimization.BatchSize / optimization.ViewsPerClip,
        CheckpointEvery = TimeSpan.FromSeconds(task.Checkpoint.EverySeconds),
        CheckpointEverySteps = task.Checkpoint.EverySteps,
        Environment = new Dictionary<string, string>
        {
            ["device"] = TaskDevice.Current.ToString(),
            ["threads"] = get_num_threads().ToString(CultureInfo.InvariantCulture),
            ["libtorch"] = __version__,
        },
    };
}
