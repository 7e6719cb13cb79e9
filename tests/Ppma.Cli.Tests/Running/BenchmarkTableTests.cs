using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Cli.Reporting;
using Ppma.Cli.Running;

namespace Ppma.Cli.Tests.Running;

public sealed class BenchmarkTableTests
{
    [Fact]
    public void Rows_SeedsOfOnePreTraining_SpreadOverProbes()
    {
        BenchmarkRow row = Assert.Single(BenchmarkTable.Rows([Trial("ppma", "run", 0.5), Trial("ppma", "run", 0.7)]));

        Assert.Equal(("ppma", "probe seeds", 2), (row.Row, row.SpreadOver, row.Count));
        Assert.Equal(0.6, row.Mean, 12);
        Assert.Equal(Math.Sqrt(0.02), row.Std!.Value, 12);
        Assert.Null(row.DeltaToRandom);
    }

    [Fact]
    public void Rows_SeveralPreTrainings_SpreadOverTheirMeans()
    {
        BenchmarkRow row = Assert.Single(BenchmarkTable.Rows(
            [Trial("ppma", "run-1", 0.1), Trial("ppma", "run-1", 0.3), Trial("ppma", "run-2", 0.4), Trial("ppma", "run-2", 0.6)]));

        Assert.Equal(("pre-training seeds", 2), (row.SpreadOver, row.Count));
        Assert.Equal(0.35, row.Mean, 12);
        Assert.Equal(Math.Sqrt(0.045), row.Std!.Value, 12);
    }

    [Fact]
    public void Rows_WithARandomRow_GiveTheDifferenceToIt()
    {
        IReadOnlyList<BenchmarkRow> rows = BenchmarkTable.Rows([Trial("random", null, 0.2), Trial("ppma", "run", 0.7)]);

        Assert.Equal(["random", "ppma"], rows.Select(row => row.Row));
        Assert.True(rows[0].IsRandom);
        Assert.Null(rows[0].DeltaToRandom);
        Assert.Equal(0.5, rows[1].DeltaToRandom!.Value, 12);
    }

    [Fact]
    public void Rows_ProbesOfOtherTrunkModes_AreNeverCompared()
    {
        IReadOnlyList<BenchmarkRow> rows = BenchmarkTable.Rows(
            [Trial("random", null, 0.2), Trial("ppma", "run", 0.7), Trial("ppma", "run", 0.9, TrunkMode.Published)]);

        Assert.Equal(["LP (frozen)", "LP (frozen)", "LP (published)"], rows.Select(ReportText.ShortProtocol));
        Assert.Equal(0.7, rows[1].Mean, 12);
        Assert.Null(rows[2].DeltaToRandom);
    }

    [Fact]
    public void Rows_OneTrial_HasNoSpread() => Assert.Null(Assert.Single(BenchmarkTable.Rows([Trial("ppma", "run", 0.5)])).Std);

    private static (PlannedTask Task, TaskEnd End) Trial(
        string row, string? pretrainRun, double top1, TrunkMode trunk = TrunkMode.Frozen)
    {
        var input = new DatasetInput { Name = "actions", Uri = "file:///data", Digest = new string('d', 64), Humans = Humans.Synthetic };
        var spec = new TaskSpec
        {
            Kind = TaskKind.Evaluate,
            Run = new RunIdentity("EvalRun", "default", "trial", "u"),
            InputDigest = new string('a', 64),
            ArtifactsUri = "file:///runs",
            Evaluate = new EvaluateTask
            {
                Protocol = Protocol.LinearProbe,
                Trunk = trunk,
                Model = new ModelShape(),
                Clip = new ClipShape(),
                Train = input,
                Test = input with { Split = "test" },
                Weights = new WeightsInput { Source = pretrainRun is null ? WeightsSource.Random : WeightsSource.Checkpoint },
                Optimization = new OptimizationSpec { Steps = 1, BatchSize = 1, PeakRate = 1, Schedule = SchedulePreset.LinearProbe },
            },
        };
        var result = new TaskResult
        {
            TaskDigest = "t",
            InputDigest = "i",
            Kind = TaskKind.Evaluate,
            StartTime = DateTimeOffset.UnixEpoch,
            CompletionTime = DateTimeOffset.UnixEpoch,
            Evaluation = new EvaluationOutcome { Top1 = top1, Top5 = 1, MeanClassAccuracy = top1, Samples = 10, PeakRate = 0.1 },
        };
        var task = new PlannedTask { Run = $"{row}-{top1}", Row = row, PretrainRun = pretrainRun, Needs = [], Resolve = _ => spec };
        return (task, new TaskEnd { State = TaskState.Done, Spec = spec, Result = result });
    }
}
