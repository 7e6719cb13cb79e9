using Ppma.Testing.Kubernetes;

namespace Ppma.Benchmarks.Operating;

/// <summary>What the operator asks of the API server when there is nothing to do, and when runs change in a way that means nothing to them.</summary>
internal static class QuietBenchmark
{
    private const int Runs = 200;

    private static readonly TimeSpan Time = TimeSpan.FromMinutes(3);

    public static async Task RunAsync(KubernetesServer server)
    {
        SampleRuns runs = await SampleRuns.InNewNamespaceAsync(server, "quiet");
        await Requests.EachAsync(Runs, i => runs.CreateFinishedAsync($"run-{i}"));
        await using OperatorProcess @operator = await OperatorProcess.StartAsync(server);
        await Task.Delay(TimeSpan.FromSeconds(15));
        int before = await RequestsAsync(server);
        await Task.Delay(Time);
        double rate = (await RequestsAsync(server) - before) / Time.TotalSeconds;
        Console.WriteLine($"| requests while idle, leases apart, {Runs} finished runs, {Time.TotalMinutes} minutes | {rate:f3} a second | | | 0.2 |");
        Console.WriteLine($"| resident then | {@operator.ResidentMebibytes:f0} MiB | | | |");

        before = await RequestsAsync(server);
        double reconciled = await @operator.ReconcilesAsync();
        await Requests.EachAsync(Runs, i => PatchAsync(server, runs, $"run-{i}"));
        await Testing.Eventually.Holds(async () => await @operator.ReconcilesAsync() - reconciled >= Runs);
        int requests = await RequestsAsync(server) - before;
        Console.WriteLine($"| requests of {Runs} reconciliations without need | {requests} | | | 0 |");
    }

    // By the server's own account; what renews the Lease is meant to be there.
    private static async Task<int> RequestsAsync(KubernetesServer server) =>
        (await server.Audit.ReadAsync()).Count(entry => entry.UserAgent.StartsWith("ppma-operator/", StringComparison.Ordinal) && entry.Resource != "leases");

    private static async Task PatchAsync(KubernetesServer server, SampleRuns runs, string name)
    {
        using var body = new StringContent("""{"metadata":{"annotations":{"example.com/seen":"yes"}}}""", System.Text.Encoding.UTF8, "application/merge-patch+json");
        using HttpResponseMessage answer = await server.Http.PatchAsync($"apis/ppma.cloud/v1alpha1/namespaces/{runs.Namespace}/pretrainruns/{name}", body);
        answer.EnsureSuccessStatusCode();
    }
}
