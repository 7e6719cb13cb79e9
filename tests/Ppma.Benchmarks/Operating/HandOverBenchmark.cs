using System.Diagnostics;
using Ppma.Testing.Kubernetes;

namespace Ppma.Benchmarks.Operating;

/// <summary>A leader that is asked to stop, until the run that was created meanwhile has its Job from the standby.</summary>
internal static class HandOverBenchmark
{
    private const int Rounds = 11;

    public static async Task RunAsync(KubernetesServer server)
    {
        SampleRuns runs = await SampleRuns.InNewNamespaceAsync(server, "handover");
        await using Seen jobs = Seen.Jobs(server, runs.Namespace);
        OperatorProcess leader = await OperatorProcess.StartAsync(server);
        var times = new List<double>();
        try
        {
            for (int i = 0; i < Rounds; i++)
            {
                OperatorProcess standby = await OperatorProcess.StartAsync(server);
                await Task.Delay(TimeSpan.FromSeconds(3));
                long asked = Stopwatch.GetTimestamp();
                leader.Terminate();
                await runs.CreateAsync($"run-{i}");
                times.Add(Stopwatch.GetElapsedTime(asked, await jobs.WhenAsync($"run-{i}")).TotalMilliseconds);
                await leader.DisposeAsync();
                leader = standby;
            }
        }
        finally
        {
            await leader.DisposeAsync();
        }

        Percentiles.Print("leader asked to stop → the standby has started a run", times, "≤ 2,000 ms");
    }
}
