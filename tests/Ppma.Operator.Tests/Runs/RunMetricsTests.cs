using System.Text;
using Ppma.Api.Conditions;
using Ppma.Api.Runs;
using Ppma.Controllers.Leading;
using Ppma.Operator.Runs;
using Prometheus;

namespace Ppma.Operator.Tests.Runs;

public sealed class RunMetricsTests : ILeadership
{
    private readonly FakeCluster _cluster = new();
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private bool _leads = true;

    public RunMetricsTests() => _ = new RunMetrics(_cluster.Resources, this, _registry);

    bool ILeadership.IsLeading => _leads;

    void ILeadership.Demand()
    {
    }

    [Fact]
    public async Task Scrape_OfARunUnderWay_TellsHowFarItIs()
    {
        Put("run", new RunStatus
        {
            Restarts = new() { Application = 1, Infrastructure = 2 },
            Usage = new() { GpuSeconds = 60, WastedGpuSeconds = 5 },
            Conditions = [Ready("Unknown", Reason.Running), Progressing(Reason.Running, since: 50)],
            Stages =
            [
                new() { Name = "mae", State = StageState.Succeeded, Attempt = 1 },
                new()
                {
                    Name = "align", State = StageState.Running, Attempt = 3,
                    Progress = new() { Percent = 25, Loss = 0.5, LastProgressTime = DateTime.UnixEpoch.AddSeconds(100), Eta = DateTime.UnixEpoch.AddSeconds(400) },
                },
            ],
        });

        string page = await ScrapeAsync();

        Assert.Contains("ppma_run_info{kind=\"PretrainRun\",namespace=\"demo\",name=\"run\",stage=\"align\",attempt=\"3\",reason=\"Running\"} 1", page, StringComparison.Ordinal);
        Assert.Contains("ppma_run_progress_ratio{kind=\"PretrainRun\",namespace=\"demo\",name=\"run\"} 0.25", page, StringComparison.Ordinal);
        Assert.Contains("ppma_run_last_progress_timestamp_seconds{kind=\"PretrainRun\",namespace=\"demo\",name=\"run\"} 100", page, StringComparison.Ordinal);
        Assert.Contains("ppma_run_progress_deadline_seconds{kind=\"PretrainRun\",namespace=\"demo\",name=\"run\"} 900", page, StringComparison.Ordinal);
        Assert.Contains("ppma_run_eta_timestamp_seconds{kind=\"PretrainRun\",namespace=\"demo\",name=\"run\"} 400", page, StringComparison.Ordinal);
        Assert.Contains("ppma_run_restarts{kind=\"PretrainRun\",namespace=\"demo\",name=\"run\",budget=\"infrastructure\"} 2", page, StringComparison.Ordinal);
        Assert.Contains("ppma_run_wasted_gpu_seconds{kind=\"PretrainRun\",namespace=\"demo\",name=\"run\"} 5", page, StringComparison.Ordinal);
        Assert.Contains("ppma_runs{kind=\"PretrainRun\",namespace=\"demo\",state=\"Running\"} 1", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Reason.Running, " 500")]
    [InlineData(Reason.WorkerUnreachable, " 500")]
    [InlineData(Reason.Loading, null)]
    [InlineData(Reason.Unschedulable, null)]
    public async Task Scrape_OfALaterAttempt_CountsNoStandstillFromTheOneBefore(Reason reason, string? shown)
    {
        Put("run", new RunStatus
        {
            Conditions = [Progressing(reason, since: 500)],
            Stages = [new() { Name = "mae", State = StageState.Running, Attempt = 2, Progress = new() { Percent = 25, LastProgressTime = DateTime.UnixEpoch.AddSeconds(100) } }],
        });

        string? line = (await ScrapeAsync()).Split('\n').SingleOrDefault(line => line.StartsWith("ppma_run_last_progress_timestamp_seconds{", StringComparison.Ordinal));

        Assert.Equal(shown, line?[line.LastIndexOf(' ')..]);
    }

    [Fact]
    public async Task Scrape_AfterARunEnded_HasNoSeriesOfItsOwnLeft()
    {
        Put("run", new RunStatus { Stages = [new() { Name = "mae", State = StageState.Running, Progress = new() { Percent = 50 } }] });
        await ScrapeAsync();
        Put("run", new RunStatus { CompletionTime = DateTime.UnixEpoch, Conditions = [Ready("False", Reason.Cancelled)], Stages = [new() { Name = "mae", State = StageState.Cancelled }] });

        string page = await ScrapeAsync();

        Assert.DoesNotContain("name=\"run\"", page, StringComparison.Ordinal);
        Assert.Contains("ppma_runs{kind=\"PretrainRun\",namespace=\"demo\",state=\"Cancelled\"} 1", page, StringComparison.Ordinal);
        Assert.DoesNotContain("state=\"Running\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_OfMoreRunsThanShown_CountsTheRest()
    {
        for (int i = 0; i < 503; i++)
        {
            Put($"run-{i}", new RunStatus());
        }

        string page = await ScrapeAsync();

        Assert.Equal(500, page.Split('\n').Count(line => line.StartsWith("ppma_run_info{", StringComparison.Ordinal)));
        Assert.Contains("ppma_metrics_dropped_series 3", page, StringComparison.Ordinal);
        Assert.Contains("ppma_runs{kind=\"PretrainRun\",namespace=\"demo\",state=\"Waiting\"} 503", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_OfAProcessThatDoesNotLead_ShowsNoRunAndNoDataset()
    {
        Put("run", new RunStatus());
        _cluster.Datasets.Put(Given.Dataset());
        _cluster.Datasets.Sync();
        Assert.Contains("ppma_dataset_ready{namespace=\"demo\",name=\"clips\",reason=\"DatasetVerified\"} 1", await ScrapeAsync(), StringComparison.Ordinal);
        _leads = false;

        string page = await ScrapeAsync();

        Assert.DoesNotContain("namespace=\"demo\"", page, StringComparison.Ordinal);
    }

    private static Api.Condition Ready(string status, Reason reason) => new() { Type = "Ready", Status = status, Reason = reason.ToString(), Message = "said" };

    private static Api.Condition Progressing(Reason reason, int since) =>
        new() { Type = "Progressing", Status = "True", Reason = reason.ToString(), Message = "said", LastTransitionTime = DateTime.UnixEpoch.AddSeconds(since) };

    private void Put(string name, RunStatus status)
    {
        var run = Given.Pretrain(name);
        run.Metadata.Uid = name;
        run.Status = status;
        _cluster.PretrainRuns.Put(run);
        _cluster.PretrainRuns.Sync();
    }

    private async Task<string> ScrapeAsync()
    {
        using var page = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(page, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(page.ToArray());
    }
}
