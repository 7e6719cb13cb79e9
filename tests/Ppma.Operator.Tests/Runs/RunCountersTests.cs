using System.Text;
using Ppma.Api.Runs;
using Ppma.Operator.Progress;

namespace Ppma.Operator.Tests.Runs;

/// <summary>Sums over runs, which stay when a run's own series go.</summary>
public sealed class RunCountersTests
{
    private readonly FakeCluster _cluster = new();

    public RunCountersTests() => _cluster.Datasets.Put(Given.Dataset());

    [Fact]
    public async Task FirstStep_OfARun_IsMeasuredFromItsCreationOnce()
    {
        var run = Given.Pretrain(stages: 2);
        run.Metadata.CreationTimestamp = _cluster.Now;
        _cluster.Apply(run);
        await _cluster.SettleAsync(run);
        _cluster.Run();
        _cluster.Time.Advance(TimeSpan.FromSeconds(40));
        _cluster.Progress = Doing(step: 0);
        await _cluster.SettleAsync(run);
        Assert.Contains("ppma_run_start_latency_seconds_count{kind=\"PretrainRun\"} 0\n", await ScrapeAsync(), StringComparison.Ordinal);

        _cluster.Time.Advance(TimeSpan.FromSeconds(2));
        _cluster.Progress = Doing(step: 3);
        await _cluster.SettleAsync(run);
        _cluster.Progress = Doing(step: 4);
        await _cluster.SettleAsync(run);

        Assert.Contains("ppma_run_start_latency_seconds_sum{kind=\"PretrainRun\"} 42\n", await ScrapeAsync(), StringComparison.Ordinal);
        Assert.Contains("ppma_run_start_latency_seconds_count{kind=\"PretrainRun\"} 1\n", await ScrapeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_ByItsCause_IsCountedWithTheTimeThatItLost()
    {
        var run = _cluster.Apply(Given.Pretrain(change: spec => spec with { Compute = spec.Compute with { GpusPerWorker = 1 } }));
        await _cluster.SettleAsync(run);

        _cluster.End(137);
        await _cluster.SettleAsync(run);
        await _cluster.SettleAsync(run);

        string page = await ScrapeAsync();
        Assert.Contains("ppma_restarts_total{kind=\"PretrainRun\",cause=\"Killed\"} 1\n", page, StringComparison.Ordinal);
        Assert.Contains("ppma_restarts_total{kind=\"PretrainRun\",cause=\"OutOfMemory\"} 0\n", page, StringComparison.Ordinal);
        Assert.Contains("ppma_gpu_seconds_total{kind=\"PretrainRun\",namespace=\"demo\",use=\"wasted\"} 60\n", page, StringComparison.Ordinal);
        Assert.Contains("ppma_gpu_seconds_total{kind=\"PretrainRun\",namespace=\"demo\",use=\"useful\"} 0\n", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, nameof(StageState.Failed))]
    [InlineData(0, nameof(StageState.Succeeded))]
    public async Task End_OfARun_IsCountedOnceWithTheOthersAtNothing(int exitCode, string state)
    {
        var run = _cluster.Apply(Given.Pretrain());
        await _cluster.SettleAsync(run);
        Assert.Contains($"ppma_runs_ended_total{{kind=\"PretrainRun\",namespace=\"demo\",state=\"{state}\"}} 0\n", await ScrapeAsync(), StringComparison.Ordinal);

        if (exitCode == 0)
        {
            _cluster.Finish();
        }
        else
        {
            _cluster.End(exitCode);
        }

        await _cluster.SettleAsync(run);
        await _cluster.SettleAsync(run);

        string page = await ScrapeAsync();
        Assert.Contains($"ppma_runs_ended_total{{kind=\"PretrainRun\",namespace=\"demo\",state=\"{state}\"}} 1\n", page, StringComparison.Ordinal);
        Assert.Equal(2, page.Split('\n').Count(line => line.StartsWith("ppma_runs_ended_total{", StringComparison.Ordinal) && line.EndsWith(" 0", StringComparison.Ordinal)));
    }

    private static ProgressSnapshot Doing(long step) => new()
    {
        Silence = TimeSpan.Zero,
        Latest = new() { Phase = "training", Step = step, TotalSteps = 100, LastProgressTime = DateTimeOffset.UnixEpoch },
        Shown = new() { Step = step, TotalSteps = 100, Percent = step },
    };

    private async Task<string> ScrapeAsync()
    {
        using var page = new MemoryStream();
        await _cluster.Metrics.CollectAndExportAsTextAsync(page, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(page.ToArray());
    }
}
