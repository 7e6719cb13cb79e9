using System.Globalization;
using Ppma.Testing;

namespace Ppma.Benchmarks.Streaming;

/// <summary>The way of a clip from blob storage to a batch, part by part, each beside a peer that does the same work.</summary>
internal static class StreamBenchmark
{
    private const long DataBytes = 512L << 20;

    private static readonly Dictionary<string, Func<AzuriteServer, BenchmarkData, Task>> Parts = new(StringComparer.Ordinal)
    {
        ["cold"] = FetchBenchmark.ColdAsync,
        ["link"] = FetchBenchmark.SlowLinkAsync,
        ["cpu"] = (_, data) => FetchBenchmark.ClientCpuAsync(data),
        ["cache"] = CacheBenchmark.ColdAsync,
        ["hash"] = CacheBenchmark.HashingAsync,
        ["warm"] = CacheBenchmark.WarmAsync,
        ["clips"] = (_, data) => ClipsBenchmark.RunAsync(data),
        ["faults"] = FetchBenchmark.FaultsAsync,
        ["open"] = (_, data) => OpenBenchmark.RunAsync(data),
        ["minute"] = (azurite, data) => LongRunBenchmark.RunAsync(azurite, data, TimeSpan.FromMinutes(1)),
        ["long"] = (azurite, data) => LongRunBenchmark.RunAsync(azurite, data, TimeSpan.FromMinutes(10)),
    };

    public static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (args.FirstOrDefault(part => !Parts.ContainsKey(part)) is { } unknown)
        {
            Console.Error.WriteLine($"There is no part '{unknown}'. Parts: {string.Join(' ', Parts.Keys)}; none means all, with the long run and without the minute.");
            return 64;
        }

        RunAsync(args.Length > 0 ? args : [.. Parts.Keys.Where(part => part != "minute")]).GetAwaiter().GetResult();
        return 0;
    }

    private static async Task RunAsync(string[] parts)
    {
        await using AzuriteServer azurite = await AzuriteServer.StartAsync(onDisk: true);
        using BenchmarkData data = await BenchmarkData.CreateAsync(azurite, DataBytes);
        Console.WriteLine($"{data.Index.Shards.Count} shards, {data.Index.Bytes / 1e6:f0} MB; medians of five rounds, ours and the peer in turns.");
        Console.WriteLine();
        Console.WriteLine("| | ours | peer | ratio (least to most) | goal |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (string part in parts)
        {
            await Parts[part](azurite, data);
        }
    }
}
