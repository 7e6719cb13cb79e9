using Ppma.Api.Runs;
using Ppma.Api.Tasks;

namespace Ppma.Api.Tests.Tasks;

/// <summary>What a worker refuses of the task it got, field by field.</summary>
public sealed class TaskValidationTests
{
    private static readonly WeightsInput Member = new() { Source = WeightsSource.Checkpoint, Uri = "file:///a.pt", Digest = SampleTasks.Digest };

    private static readonly WeightsInput Ensemble =
        new() { Source = WeightsSource.Ensemble, Method = EnsembleMethod.Average, Members = [Member, Member] };

    private static readonly WeightsInput Adaptive = Ensemble with { Method = EnsembleMethod.AdaptiveAverage };

    private static readonly ValidationSpec Validation =
        new() { Dataset = SampleTasks.Stage().PretrainStage!.Datasets[0] with { Split = "validation" }, EverySteps = 5 };

    public static TheoryData<string, TaskSpec> Accepted => new()
    {
        { "a stage", SampleTasks.Stage() },
        { "an average to start from", Stage(stage => stage with { Weights = Ensemble }) },
        { "one published ensemble file", Stage(stage => stage with { Weights = Ensemble with { Members = [Member] } }) },
        { "a validation set and the best of it", Stage(stage => stage with { Validation = Validation }) with { Checkpoint = new() { Best = new() { Metric = "loss", Mode = BestMode.Min } } } },
        { "another run to go on from", Stage(stage => stage with { Resume = new() { Uri = "file:///runs/mae/checkpoints", Credentials = "storage/sas" } }) },
        { "a probe", SampleTasks.Probe() },
        { "a published probe", Probe(probe => probe with { Trunk = TrunkMode.Published }) },
        { "an adaptive average", Probe(probe => probe with { Weights = Adaptive with { ScorePerTensor = true }, Optimization = probe.Optimization with { Schedule = SchedulePreset.Adaptive } }) },
    };

    public static TheoryData<string, TaskSpec> Refused => new()
    {
        { "artifactsCredentials: \"storage\" names no key", SampleTasks.Stage() with { ArtifactsCredentials = "storage" } },
        { "checkpoint.keepEverySteps: is 30, no multiple", SampleTasks.Stage() with { Checkpoint = new() { EverySteps = 20, KeepEverySteps = 30 } } },
        { "checkpoint.best: needs a stage with a validation set", SampleTasks.Stage() with { Checkpoint = new() { Best = new() { Metric = "loss", Mode = BestMode.Min } } } },
        { "checkpoint.best.metric: \"auc\" is not known", Stage(stage => stage with { Validation = Validation }) with { Checkpoint = new() { Best = new() { Metric = "auc", Mode = BestMode.Max } } } },
        { "pretrainStage.validation.dataset.split: \"train\" is also", Stage(stage => stage with { Validation = Validation with { Dataset = stage.Datasets[0] } }) },
        { "pretrainStage.validation.everySteps: is 0", Stage(stage => stage with { Validation = Validation with { EverySteps = 0 } }) },
        { "pretrainStage.reconstructionEverySteps: is -1", Stage(stage => stage with { ReconstructionEverySteps = -1 }) },
        { "pretrainStage.resume.uri: \"checkpoints\" is not an absolute URI", Stage(stage => stage with { Resume = new() { Uri = "checkpoints" } }) },
        { "pretrainStage.optimization.schedule: Adaptive belongs", Stage(stage => stage with { Optimization = stage.Optimization with { Schedule = SchedulePreset.Adaptive } }) },
        { "pretrainStage.weights.method: AdaptiveAverage learns its scores", Stage(stage => stage with { Weights = Adaptive }) },
        { "pretrainStage.weights.method: must be set exactly when", Stage(stage => stage with { Weights = Ensemble with { Method = null } }) },
        { "pretrainStage.weights.members: is empty", Stage(stage => stage with { Weights = Ensemble with { Members = [] } }) },
        { "pretrainStage.weights.members[1].source: is Random", Stage(stage => stage with { Weights = Ensemble with { Members = [Member, new() { Source = WeightsSource.Random }] } }) },
        { "pretrainStage.weights.members[0].includeNorm: differs", Stage(stage => stage with { Weights = Ensemble with { Members = [Member with { IncludeNorm = true }, Member] } }) },
        { "pretrainStage.weights.members[0].digest: must be a SHA-256", Stage(stage => stage with { Weights = Ensemble with { Members = [Member with { Digest = "abc" }, Member] } }) },
        { "pretrainStage.weights.scorePerTensor: has a meaning", Stage(stage => stage with { Weights = Ensemble with { ScorePerTensor = true } }) },
        { "pretrainStage.weights.credentials: \"x\" names no key", Stage(stage => stage with { Weights = Member with { Credentials = "x" } }) },
        { "pretrainStage.optimization.accumulationSteps: 4 parts do not divide", Optimization(spec => spec with { AccumulationSteps = 4 }) },
        { "pretrainStage.optimization.emaDecay: is 1", Optimization(spec => spec with { EmaDecay = 1 }) },
        { "pretrainStage.optimization.mostSkippedInARow: is -1", Optimization(spec => spec with { MostSkippedInARow = -1 }) },
        { "evaluate.trunk: is Published, which only a LinearProbe", Probe(probe => probe with { Protocol = Protocol.FineTune, Trunk = TrunkMode.Published }) },
        { "evaluate.trainViews: keeps features", Probe(probe => probe with { Trunk = TrunkMode.Published, TrainViews = 1 }) },
        { "evaluate.optimization.schedule: Adaptive goes with", Probe(probe => probe with { Weights = Adaptive }) },
        {
            "evaluate.protocol: must be LinearProbe",
            Probe(probe => probe with { Protocol = Protocol.FineTune, Weights = Adaptive, Optimization = probe.Optimization with { Schedule = SchedulePreset.Adaptive } })
        },
    };

    [Theory]
    [MemberData(nameof(Accepted), DisableDiscoveryEnumeration = true)]
    public void Validate_WhatCanBeComputed_FindsNothing(string what, TaskSpec task) => Assert.True(task.Validate().Count == 0, $"{what}: {string.Join("; ", task.Validate())}");

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Validate_OneFieldWrong_NamesItAndNothingElse(string problem, TaskSpec task) =>
        Assert.StartsWith(problem, Assert.Single(task.Validate()), StringComparison.Ordinal);

    private static TaskSpec Stage(Func<PretrainStageTask, PretrainStageTask> edit)
    {
        var task = SampleTasks.Stage();
        return task with { PretrainStage = edit(task.PretrainStage!) };
    }

    private static TaskSpec Optimization(Func<OptimizationSpec, OptimizationSpec> edit) =>
        Stage(stage => stage with { Optimization = edit(stage.Optimization) });

    private static TaskSpec Probe(Func<EvaluateTask, EvaluateTask> edit)
    {
        var task = SampleTasks.Probe();
        return task with { Evaluate = edit(task.Evaluate!) };
    }
}
