using System.Globalization;
using Ppma.Testing.Kubernetes;

namespace Ppma.Benchmarks.Operating;

/// <summary>The operator before a real API server on this machine, beside a bare client that makes the same requests.</summary>
internal static class OperatorBenchmark
{
    private static readonly Dictionary<string, Func<KubernetesServer, Task>> Parts = new(StringComparer.Ordinal)
    {
        ["latency"] = LatencyBenchmark.CreationAsync,
        ["end"] = LatencyBenchmark.EndAsync,
        ["handover"] = HandOverBenchmark.RunAsync,
        ["burst"] = BurstBenchmark.RunAsync,
        ["quiet"] = QuietBenchmark.RunAsync,
        ["start"] = StartBenchmark.RunAsync,
    };

    /// <summary>The kinds' definitions, as they are shipped.</summary>
    public static IReadOnlyCollection<string> Definitions { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Crds"), "*.yaml").Order(StringComparer.Ordinal)];

    public static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (args is [BareList.Command, var kubeconfig, var @namespace])
        {
            return BareList.RunAsync(kubeconfig, @namespace).GetAwaiter().GetResult();
        }

        if (args.FirstOrDefault(part => !Parts.ContainsKey(part)) is { } unknown)
        {
            Console.Error.WriteLine($"There is no part '{unknown}'. Parts: {string.Join(' ', Parts.Keys)}; none means all.");
            return 64;
        }

        RunAsync(args.Length > 0 ? args : [.. Parts.Keys]).GetAwaiter().GetResult();
        return 0;
    }

    private static async Task RunAsync(string[] parts)
    {
        await using KubernetesServer server = await KubernetesServer.StartAsync(Definitions);
        Console.WriteLine($"Kubernetes {server.Version} on this machine, etcd without fsync.");
        Console.WriteLine();
        Console.WriteLine("| | ours | peer | ratio (least to most) | goal |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (string part in parts)
        {
            await Parts[part](server);
        }
    }
}
