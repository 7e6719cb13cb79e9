using Microsoft.Extensions.Logging.Abstractions;
using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Datasets.Metrics;
using Ppma.Worker.Artifacts;
using Ppma.Worker.Data;
using Ppma.Worker.Execution;
using Ppma.Worker.Progress;
using Ppma.Worker.Tasks;

namespace Ppma.Worker.Tests.Tasks;

/// <summary>The smallest tasks that do everything, and their runners without a process around them.</summary>
internal static class TinyTasks
{
    public const int Steps = 9;

    private static readonly string InputDigest = new('a', 64);

    private static readonly WeightsInput Random = new() { Source = WeightsSource.Random };

    private static readonly ModelShape Model = new()
    {
        Frames = 4, Size = 16, Patch = [2, 8, 8], Dim = 16, Depth = 2, Heads = 2, DecoderDim = 8, DecoderDepth = 1, DecoderHeads = 2,
    };

    private static readonly ClipShape Clip = new() { ClipSeconds = 0.8, ShortSide = 16, PixelPath = PixelPath.Fast, CropScaleMin = 0.5 };

    public static TaskSpec Mae(string folder, params DatasetInput[] datasets) => Task(folder) with
    {
        Kind = TaskKind.PretrainStage,
        PretrainStage = new PretrainStageTask
        {
            Name = "mae",
            Index = 0,
            Objective = Objective.MaskedAutoencoding,
            Model = Model,
            Clip = Clip,
            MaskRatio = 0.75,
            Datasets = datasets,
            Optimization = new OptimizationSpec
            {
                Steps = Steps, BatchSize = 8, ViewsPerClip = 2, Schedule = SchedulePreset.Mae, PeakRate = 5e-3, DropPath = 0.3, WeightDecay = 0.05,
            },
            Weights = Random,
        },
    };

    public static TaskSpec Classify(string folder, WeightsInput? weights, params DatasetInput[] datasets)
    {
        TaskSpec task = Mae(folder, datasets);
        PretrainStageTask stage = task.PretrainStage!;
        return task with
        {
            PretrainStage = stage with
            {
                Name = "align",
                Index = 1,
                Objective = Objective.ActionClassification,
                Augmentation = new AugmentationSpec
                {
                    RandAugmentOps = 1, ErasingProbability = 0.25, MixUpAlpha = 0.8, CutMixAlpha = 1, MixGroup = 4, LabelSmoothing = 0.1,
                },
                Optimization = stage.Optimization with { ViewsPerClip = 1, Schedule = SchedulePreset.Align, LayerDecay = 0.75 },
                Weights = weights ?? Random,
            },
        };
    }

    /// <summary>A probe over kept features that chooses its rate.</summary>
    public static TaskSpec Probe(string folder, DatasetInput data, WeightsInput? weights = null) => Task(folder) with
    {
        Kind = TaskKind.Evaluate,
        Evaluate = new EvaluateTask
        {
            Protocol = Protocol.LinearProbe,
            Model = Model,
            Clip = Clip,
            Train = data,
            Test = data with { Split = "test" },
            Weights = weights ?? Random,
            Optimization = new OptimizationSpec { Steps = 30, BatchSize = 8, Schedule = SchedulePreset.LinearProbe, PeakRate = 1e-2 },
            RateCandidates = [1e-3, 1e-1],
            TrainViews = 2,
        },
    };

    public static TaskSpec FineTune(string folder, DatasetInput data)
    {
        TaskSpec task = Probe(folder, data);
        EvaluateTask evaluate = task.Evaluate!;
        return task with
        {
            Evaluate = evaluate with
            {
                Protocol = Protocol.FineTune,
                RateCandidates = [],
                TrainViews = 0,
                Optimization = evaluate.Optimization with { Steps = Steps, Schedule = SchedulePreset.Align, LayerDecay = 0.75 },
            },
        };
    }

    public static TaskSpec Verify(string folder, DatasetInput data) => Task(folder) with
    {
        Kind = TaskKind.VerifyDataset,
        VerifyDataset = new VerifyDatasetTask
        {
            Name = data.Name, Uri = data.Uri, Credentials = data.Credentials, ExpectedDigest = data.Digest, ReadShards = true,
        },
    };

    /// <summary>Runs a task in this process.</summary>
    public static TaskResult Run(TaskSpec task, CancellationToken stopping = default) => Run(ContextOf(task), stopping);

    /// <inheritdoc cref="Run(TaskSpec, CancellationToken)"/>
    public static TaskResult Run(TaskContext context, CancellationToken stopping = default)
    {
        Assert.Empty(context.Task.Validate());
        ITaskRunner runner = context.Task.Kind switch
        {
            TaskKind.PretrainStage => new PretrainStageRunner(),
            TaskKind.Evaluate => new EvaluateRunner(),
            _ => new VerifyDatasetRunner(),
        };
        return runner.RunAsync(context, stopping).GetAwaiter().GetResult();
    }

    /// <summary>Runs a task that cannot succeed.</summary>
    public static void Fails(int exitCode, TaskSpec task, params string[] words)
    {
        var failure = Assert.Throws<TaskFailedException>(() => Run(task, TestContext.Current.CancellationToken));
        Assert.True(failure.ExitCode == exitCode, failure.ToString());
        Assert.All(words, word => Assert.Contains(word, failure.Message, StringComparison.Ordinal));
    }

    public static TaskContext ContextOf(TaskSpec task, DataPlaneOptions? data = null)
    {
        (string root, string folder) = ArtifactsLayout.Locate(task);
        return new TaskContext
        {
            Task = task,
            TaskDigest = "",
            StartTime = DateTimeOffset.UnixEpoch,
            Artifacts = new RunFolder(root, folder),
            Attempt = 1,
            Progress = new ProgressReporter(TimeProvider.System, new WorkerMetrics()),
            Data = new DataPlane(data ?? DataPlaneOptions.Parse(_ => null), new StreamMetrics(), TimeProvider.System, NullLoggerFactory.Instance),
            LoggerFactory = NullLoggerFactory.Instance,
            TimeProvider = TimeProvider.System,
        };
    }

    private static TaskSpec Task(string folder) => new()
    {
        Kind = TaskKind.VerifyDataset,
        Run = new RunIdentity("PretrainRun", "default", "tiny", InputDigest),
        InputDigest = InputDigest,
        ArtifactsUri = new Uri(folder).AbsoluteUri,
        Seed = 3,
        Threads = 1,
        Checkpoint = new CheckpointPolicy { EverySteps = 3 },
    };
}
