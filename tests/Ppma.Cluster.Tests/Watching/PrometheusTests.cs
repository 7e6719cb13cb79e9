using System.Text.Json.Nodes;
using Ppma.Cluster.Tests.Lives;
using Ppma.Testing.Kubernetes;

namespace Ppma.Cluster.Tests.Watching;

/// <summary>The real operator on a real API server, scraped by a real Prometheus with the shipped rules.</summary>
public sealed class PrometheusTests(KubernetesFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prometheus_OverALife_SeesWhatNeedsAPersonAndThenHowItEnded()
    {
        KubernetesServer server = await fixture.GetServerAsync();
        string space = await server.CreateNamespaceAsync("watched", Token);
        int port = PrometheusServer.FreePort();
        await using var @operator = new OperatorUnderTest(space, server.WriteKubeconfig(KubernetesServer.AdminToken), "--port", $"{port}");
        await using PrometheusServer prometheus = await PrometheusServer.StartAsync(port, Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task kubelet = new TestKubelet(server.Client, space).RunAsync(new PlayedWorker(server.Client).EndAsync, stop.Token);
        @operator.Start();

        await LifeManifests.CreateAsync(server, space, LifeManifests.Run, Token);
        await LifeManifests.CreateAsync(server, space, LifeManifests.Trial, Token);
        await Sees($"ALERTS{{alertname=\"PpmaRunNeedsPerson\", alertstate=\"pending\", kind=\"PretrainRun\", namespace=\"{space}\", name=\"ppma\", reason=\"DatasetMissing\"}}");
        await LifeManifests.CreateAsync(server, space, LifeManifests.Dataset, Token);

        await Sees($"sum(ppma_runs_ended_total{{namespace=\"{space}\", state=\"Succeeded\"}}) == 2");
        await Sees($"ppma_dataset_ready{{namespace=\"{space}\", name=\"clips\", reason=\"DatasetVerified\"}} == 1");
        await Sees("sum(ppma_run_start_latency_seconds_count) == 2");
        await Sees("leader_election_master_status{namespace=\"ppma-system\"} == 1");
        await Sees("ppma_operator_build_info and on (pod) process_working_set_bytes > 1e6");
        await Sees("sum(reflector_stale) == 0 and count(reflector_stale) == 5");
        await Sees($"absent(ppma_run_info{{namespace=\"{space}\"}})");
        await Sees("absent(ALERTS)");
        JsonArray failures = await prometheus.QueryAsync("controller_runtime_reconcile_panics_total > 0 or controller:ppma_reconcile_errors:ratio_rate5m > 0.1");
        Assert.True(failures.Count == 0, $"{failures.ToJsonString()}\n{@operator.Describe()}");

        await stop.CancelAsync();
        await kubelet;

        Task Sees(string expression) => prometheus.SeesAsync(expression, () => @operator.Describe(), Token);
    }
}
