using Ppma.Api.Manifests;
using Ppma.Api.Resolution;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;

namespace Ppma.Api.Tests.Resolution;

/// <summary>examples/paper, resolved from what its data sets are expected to hold, gives the numbers of the paper.</summary>
public sealed class PaperExampleTests
{
    private static readonly Lazy<Forecast> Paper = new(() => Forecast.Of(
        ManifestReader.Read(
            Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Examples", "paper")).Order(StringComparer.Ordinal).Select(file => (file, File.ReadAllText(file)))),
        Quickstart.Settings,
        new Dictionary<ResourceKey, DatasetFacts>()));

    [Fact]
    public void Forecast_EveryRun_GivesTasksThatAWorkerAccepts()
    {
        Assert.Equal(9, Paper.Value.Datasets.Count);
        Assert.All(Paper.Value.Runs, run => Assert.Empty(run.Resolution.Problems));
        Assert.All(Paper.Value.Runs.SelectMany(run => run.Resolution.Run!.Tasks), task => Assert.Empty(task.Spec.Validate()));
    }

    [Fact]
    public void Forecast_TwoSetsJoinedByIndex_WarnsThatOneOutputMeansTwoActions() =>
        Assert.Contains(Run("ppma").Warnings, warning => warning.Contains("different classes of \"inpk150\" and \"sim150\"", StringComparison.Ordinal));

    /// <summary>An epoch of MAE is a quarter of the batches, since each clip is seen four times.</summary>
    [Theory]
    [InlineData("k-k", 0, 200 * (90_000 / 32 / 4))]
    [InlineData("ppma", 0, 200 * (90_000 / 32 / 4))]
    [InlineData("nhs-nhs", 0, 200 * (((90_000 / 32) + (150_000 / 32)) / 4))]
    [InlineData("k-k", 1, 50 * (90_000 / 128))]
    [InlineData("ppma", 1, 50 * ((90_000 / 128) + (150_000 / 128)))]
    [InlineData("nh-s", 0, 50 * (150_000 / 128))]
    [InlineData("ppma-ucf101-lp", 0, 30 * (9_537 / 32))]
    [InlineData("ppma-hmdb51-ft", 0, 30 * (3_570 / 32))]
    [InlineData("adaptive-diving48", 0, 30 * (15_027 / 32))]
    [InlineData("ppma-ikea-fa-lp", 0, 30 * (1_781 / 32))]
    [InlineData("ppma-uav-human-lp", 0, 30 * (16_285 / 32))]
    [InlineData("ppma-mini-ssv2-lp", 0, 30 * (81_663 / 32))]
    public void Forecast_Steps_AreEpochsOfWholeBatches(string run, int task, int steps) => Assert.Equal(steps, Optimization(run, task).Steps);

    [Theory]
    [InlineData("ppma", 0, SchedulePreset.Mae, 128, 4, 1.6e-3, 2, 0.05, 0.95, 0.05, 1, 0)]
    [InlineData("ppma", 1, SchedulePreset.Align, 128, 1, 4e-3, 2, 0.125, 0.999, 1e-4, 0.75, 0.1)]
    [InlineData("ppma-ucf101-ft", 0, SchedulePreset.Align, 32, 1, 4e-3, 2, 0.125, 0.999, 1e-4, 0.75, 0.1)]
    [InlineData("ppma-ucf101-lp", 0, SchedulePreset.LinearProbe, 32, 1, 16e-3, 1, 0.125, 0.999, 1e-4, 0.75, 0)]
    [InlineData("adaptive-ucf101", 0, SchedulePreset.Adaptive, 32, 1, 16e-3, 1, 0, 0.999, 1e-4, 0.75, 0.1)]
    public void Forecast_Optimization_IsThePapers(
        string run, int task, SchedulePreset schedule, int batch, int views, double peak, double scale, double warmup, double beta2, double decay, double layerDecay, double dropPath)
    {
        var (steps, parts) = (Optimization(run, task).Steps, run == "ppma" && task == 1 ? 8 : 1);

        Assert.Equal(
            new OptimizationSpec
            {
                Steps = steps, BatchSize = batch, ViewsPerClip = views, Schedule = schedule, PeakRate = peak, RateScale = scale, WarmupShare = warmup,
                Beta1 = 0.9, Beta2 = beta2, WeightDecay = decay, LayerDecay = layerDecay, DropPath = dropPath, AccumulationSteps = parts,
            },
            Optimization(run, task));
    }

    [Theory]
    [InlineData("ppma", 0, Precision.BFloat16)]
    [InlineData("ppma", 1, Precision.Float32)]
    [InlineData("ppma-ucf101-ft", 0, Precision.Float32)]
    [InlineData("adaptive-ucf101", 0, Precision.Float32)]
    public void Forecast_Precision_IsThePresets(string run, int task, Precision precision) => Assert.Equal(precision, Task(run, task).Precision);

    [Fact]
    public void Forecast_MaePaper_DrawsReconstructionsEveryTenEpochs() =>
        Assert.Equal(10 * (90_000 / 32 / 4), Task("ppma", 0).PretrainStage!.ReconstructionEverySteps);

    [Theory]
    [InlineData("average-ucf101-lp", EnsembleMethod.Average, false)]
    [InlineData("adaptive-ucf101", EnsembleMethod.AdaptiveAverage, false)]
    [InlineData("adaptive-tensor-ucf101", EnsembleMethod.AdaptiveAverage, true)]
    public void Forecast_Ensembles_JoinTwoAlignedModelsWithTheirNorm(string run, EnsembleMethod method, bool scorePerTensor)
    {
        var weights = Task(run, 0).Evaluate!.Weights;

        Assert.Equal((WeightsSource.Ensemble, method, scorePerTensor, true), (weights.Source, weights.Method!.Value, weights.ScorePerTensor, weights.IncludeNorm));
        Assert.Equal(2, weights.Members!.DistinctBy(member => member.Digest).Count());
    }

    [Fact]
    public void Forecast_SixDataSets_AreTestedWithSixViewsByBothProtocols()
    {
        var trials = Paper.Value.Runs.Select(run => run.Resolution.Run!.Tasks[0].Spec.Evaluate).OfType<EvaluateTask>().ToList();

        Assert.Equal(
            ["diving48", "hmdb51", "ikea-fa", "mini-ssv2", "uav-human", "ucf101"],
            trials.Select(trial => trial.Test.Name).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(12, trials.Select(trial => (trial.Test.Name, trial.Protocol)).Distinct().Count());
        Assert.All(trials, trial => Assert.Equal((2, 3), (trial.TestClips, trial.TestCrops)));
    }

    private static RunResolution Run(string name) => Paper.Value.Runs.Single(run => run.Run.Name == name).Resolution;

    private static TaskSpec Task(string run, int task) => Run(run).Run!.Tasks[task].Spec;

    private static OptimizationSpec Optimization(string run, int task) =>
        Task(run, task) is var spec && spec.PretrainStage is { } stage ? stage.Optimization : spec.Evaluate!.Optimization;
}
