using Ppma.Api.Tasks;

namespace Ppma.Api.Tests.Tasks;

internal static class SampleTasks
{
    public static readonly string Digest = new('a', 64);

    public static TaskSpec Stage() => new()
    {
        Kind = TaskKind.PretrainStage,
        Run = new RunIdentity("PretrainRun", "default", "ppma", Digest),
        InputDigest = Digest,
        ArtifactsUri = "file:///runs/default/ppma/aaaaaaaa/",
        PretrainStage = new PretrainStageTask
        {
            Name = "mae",
            Index = 0,
            Objective = Objective.MaskedAutoencoding,
            Model = new ModelShape(),
            Clip = new ClipShape(),
            Datasets = [new DatasetInput { Name = "context", Uri = "file:///data/context", Digest = Digest, Humans = Humans.Removed }],
            Optimization = new OptimizationSpec
            {
                Steps = 10, BatchSize = 8, ViewsPerClip = 4, Schedule = SchedulePreset.Mae, PeakRate = 1.6e-3,
            },
            Weights = new WeightsInput { Source = WeightsSource.Random },
        },
    };

    public static TaskSpec Probe()
    {
        var stage = Stage();
        var dataset = stage.PretrainStage!.Datasets[0];
        return stage with
        {
            Kind = TaskKind.Evaluate,
            PretrainStage = null,
            Evaluate = new EvaluateTask
            {
                Protocol = Protocol.LinearProbe,
                Model = new ModelShape(),
                Clip = new ClipShape(),
                Train = dataset,
                Test = dataset with { Split = "test" },
                Optimization = new OptimizationSpec { Steps = 10, BatchSize = 8, Schedule = SchedulePreset.LinearProbe, PeakRate = 0.016 },
                Weights = new WeightsInput { Source = WeightsSource.Random },
            },
        };
    }
}
