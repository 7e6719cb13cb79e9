using System.Diagnostics;
using Ppma.Benchmarks.Streaming;
using Ppma.Testing.Kubernetes;

namespace Ppma.Benchmarks.Operating;

/// <summary>A thousand runs created at once, until the last has its Job.</summary>
internal static class BurstBenchmark
{
    private const int Runs = 1000;

    public static async Task RunAsync(KubernetesServer _)
    {
        // Without a Job controller: it would make pods for minutes after each round, in the way of the next.
        await using KubernetesServer server = await KubernetesServer.StartAsync(OperatorBenchmark.Definitions, controllers: false);

        // A namespace each: the operator would take the peer's runs for its own.
        SampleRuns watched = await SampleRuns.InBareNamespaceAsync(server, "burst");
        SampleRuns other = await SampleRuns.InBareNamespaceAsync(server, "bare");
        await using OperatorProcess @operator = await OperatorProcess.StartAsync(server, watched.Namespace);
        await @operator.LeadsAsync();
        Comparison comparison = await Comparison.OfAsync(_ => OfOperatorAsync(server, watched), _ => OfBareClientAsync(server, other));
        comparison.Print($"burst of {Runs:n0} runs until every one has its Job", "runs/s", "0.5");
    }

    private static async Task<double> OfOperatorAsync(KubernetesServer server, SampleRuns runs)
    {
        await using Seen jobs = Seen.Jobs(server, runs.Namespace);
        long start = Stopwatch.GetTimestamp();
        await Requests.EachAsync(Runs, i => runs.CreateAsync($"run-{i}"));
        long last = start;
        for (int i = 0; i < Runs; i++)
        {
            last = Math.Max(last, await jobs.WhenAsync($"run-{i}"));
        }

        double rate = Runs / Stopwatch.GetElapsedTime(start, last).TotalSeconds;
        await DiscardAsync(server, runs);
        return rate;
    }

    private static async Task<double> OfBareClientAsync(KubernetesServer server, SampleRuns runs)
    {
        var client = new BareClient(server, runs.Namespace);
        long start = Stopwatch.GetTimestamp();
        await Requests.EachAsync(Runs, async i => await client.StartAsync(await runs.CreateAsync($"run-{i}")));
        double rate = Runs / Stopwatch.GetElapsedTime(start).TotalSeconds;
        await DiscardAsync(server, runs);
        return rate;
    }

    // What a round left would slow the later ones down.
    private static async Task DiscardAsync(KubernetesServer server, SampleRuns runs)
    {
        string[] collections =
        [
            $"apis/ppma.cloud/v1alpha1/namespaces/{runs.Namespace}/pretrainruns", $"apis/batch/v1/namespaces/{runs.Namespace}/jobs",
            $"api/v1/namespaces/{runs.Namespace}/configmaps", $"apis/events.k8s.io/v1/namespaces/{runs.Namespace}/events",
        ];
        foreach (string path in collections)
        {
            await server.Http.SendAsync(HttpMethod.Delete, path, """{"propagationPolicy":"Background","gracePeriodSeconds":0}""");
        }

        await Testing.Eventually.Holds(async () =>
        {
            foreach (string path in collections[..2])
            {
                if ((await server.Http.GetStringAsync($"{path}?limit=1")).Contains("\"uid\"", StringComparison.Ordinal))
                {
                    return false;
                }
            }

            return true;
        });
        await Task.Delay(TimeSpan.FromSeconds(2));
    }
}
