using System.Diagnostics;
using Ppma.Benchmarks.Streaming;
using Ppma.Testing.Kubernetes;

namespace Ppma.Benchmarks.Operating;

/// <summary>A process that starts before ten thousand finished runs, until it is ready; beside one that lists them and ends.</summary>
internal static class StartBenchmark
{
    private const int Runs = 10_000;

    public static async Task RunAsync(KubernetesServer server)
    {
        SampleRuns runs = await SampleRuns.InNewNamespaceAsync(server, "start");
        await Requests.EachAsync(Runs, i => runs.CreateFinishedAsync($"run-{i}"));
        string kubeconfig = server.WriteKubeconfig(KubernetesServer.AdminToken);
        double resident = 0;
        Comparison comparison = await Comparison.OfAsync(
            async _ =>
            {
                long start = Stopwatch.GetTimestamp();
                await using OperatorProcess @operator = await OperatorProcess.StartAsync(server, runs.Namespace);
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                await @operator.LeadsAsync();
                await Task.Delay(TimeSpan.FromSeconds(10));
                resident = Math.Max(resident, @operator.ResidentMebibytes);
                return seconds;
            },
            _ =>
            {
                long start = Stopwatch.GetTimestamp();
                Processes.Run(Environment.ProcessPath!, "operator", BareList.Command, kubeconfig, runs.Namespace);
                return Task.FromResult(Stopwatch.GetElapsedTime(start).TotalSeconds);
            });
        comparison.Print($"start to ready with {Runs:n0} finished runs; the peer is a process that lists them", "s", "≤ 1.5");
        Console.WriteLine($"| resident after that, most of all rounds | {resident:f0} MiB | | | 256 MiB |");
    }
}
