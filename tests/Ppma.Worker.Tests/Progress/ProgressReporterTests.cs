using Microsoft.Extensions.Time.Testing;
using Ppma.Api.Tasks;
using Ppma.Worker.Progress;

namespace Ppma.Worker.Tests.Progress;

public sealed class ProgressReporterTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Snapshot_SteadySteps_GivesRateEtaAndMeanLoss()
    {
        ProgressReporter progress = Reporter();
        for (int step = 1; step <= 11; step++)
        {
            _time.Advance(TimeSpan.FromSeconds(0.5));
            progress.Report("training", step, totalSteps: 31, clips: 8, loss: step <= 5 ? 2 : 1);
        }

        TaskProgress now = progress.Snapshot();

        Assert.Equal(16, now.ClipsPerSecond, 6);
        Assert.Equal(10, now.EtaSeconds, 6);
        Assert.Equal(((5 * 2.0) + 6) / 11, now.Loss!.Value, 6);
        Assert.Equal(_time.GetUtcNow(), now.LastProgressTime);
    }

    [Fact]
    public void Snapshot_AfterANewPhase_ForgetsTheOldRate()
    {
        ProgressReporter progress = Reporter();
        progress.Report("training", 1, 2, clips: 8, loss: 3);
        _time.Advance(TimeSpan.FromSeconds(1));
        progress.Report("training", 2, 2, clips: 8, loss: 3);

        progress.Report("testing", 0, 50, clips: 0);

        TaskProgress now = progress.Snapshot();
        Assert.Equal(("testing", 0L, 50L, 0.0), (now.Phase, now.Step, now.TotalSteps, now.ClipsPerSecond));
        Assert.Null(now.Loss);
    }

    [Fact]
    public void Snapshot_WhileTraining_CountsEpochs()
    {
        ProgressReporter progress = Reporter();
        progress.ReportEpochs(stepsPerEpoch: 8);
        progress.Report("training", 20, 40, clips: 8);
        Assert.Equal(2.5, progress.Snapshot().Epoch);

        progress.Report("testing", 20, 50, clips: 1);

        Assert.Null(progress.Snapshot().Epoch);
    }

    [Fact]
    public void Snapshot_BeforeTheFirstReport_IsStarting()
    {
        TaskProgress now = Reporter().Snapshot();

        Assert.Equal(("starting", 0L, 0.0), (now.Phase, now.Step, now.EtaSeconds));
    }

    [Fact]
    public void Report_FromManyThreads_CountsEveryClip()
    {
        var metrics = new WorkerMetrics();
        var progress = new ProgressReporter(_time, metrics);

        Parallel.For(0, 1000, step => progress.Report("testing", step, 1000, clips: 3));

        Assert.Equal(3000, metrics.Clips.Value);
    }

    private ProgressReporter Reporter() => new(_time, new WorkerMetrics());
}
