using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Ranges;
using Ppma.Datasets.Stores;
using Ppma.Testing;
using Ppma.Testing.Faults;
using Ppma.Testing.Files;

namespace Ppma.Benchmarks.Streaming;

/// <summary>Fetching shards over HTTP, thrown away on arrival: the way from the service to this process and nothing behind it.</summary>
internal static class FetchBenchmark
{
    private const double Mega = 1e6;

    /// <summary>Rates from Azurite beside one curl with as many ranges.</summary>
    public static async Task ColdAsync(AzuriteServer azurite, BenchmarkData data)
    {
        IRangeStore store = data.OpenStore(azurite.ContainerUri(BenchmarkData.Container));
        Comparison comparison = await Comparison.OfAsync(
            _ => RateAsync(data, () => FetchAsync(store, data.Index)),
            _ => RateAsync(data, () => CurlAsync(data, shard => data.Signed(azurite.ContainerUri(BenchmarkData.Container), shard))));
        comparison.Print("cold, from Azurite, beside curl with 16 ranges", "MB/s", "≥ 0.9");
    }

    /// <summary>Rates over a link of 20 ms beside the library's own download of each shard with its defaults.</summary>
    public static async Task SlowLinkAsync(AzuriteServer azurite, BenchmarkData data)
    {
        // A connection on a link of 20 ms with windows of 2 MiB, and a line of a gigabyte a second.
        var plan = new FaultPlan { RoundTrip = TimeSpan.FromMilliseconds(20), ConnectionBytesPerSecond = (2 << 20) / 0.02, LinkBytesPerSecond = 1e9 };
        await using var proxy = new FaultProxy(azurite.BlobEndpoint, plan);
        Uri container = proxy.Through(azurite.ContainerUri(BenchmarkData.Container));
        IRangeStore store = data.OpenStore(container);
        Comparison comparison = await Comparison.OfAsync(
            _ => RateAsync(data, () => FetchAsync(store, data.Index)),
            _ => RateAsync(data, async () =>
            {
                foreach (ShardEntry shard in data.Index.Shards)
                {
                    await new BlobClient(data.Signed(container, shard.Name)).DownloadToAsync(Stream.Null, new BlobDownloadToOptions());
                }
            }));
        comparison.Print("link of 20 ms, beside the library's DownloadToAsync", "MB/s", "≥ 1.5");
    }

    /// <summary>Processor time a GiB beside curl's, from a server that is faster than both.</summary>
    public static async Task ClientCpuAsync(BenchmarkData data)
    {
        await using StaticServer server = await StaticServer.StartAsync(data.Folder);
        IRangeStore store = BenchmarkData.OpenStore(server.ContainerUri, AzureCredentials.Anonymous);
        double gibibytes = data.Index.Bytes / (double)(1 << 30);
        Comparison comparison = await Comparison.OfAsync(
            async _ =>
            {
                double before = Processes.CpuSecondsOfThisProcess();
                await FetchAsync(store, data.Index);
                return (Processes.CpuSecondsOfThisProcess() - before) / gibibytes;
            },
            async _ =>
            {
                double before = Processes.CpuSecondsOfChildren();
                await CurlAsync(data, shard => new Uri($"{server.ContainerUri.AbsoluteUri}/{shard}"));
                return (Processes.CpuSecondsOfChildren() - before) / gibibytes;
            });
        comparison.Print("processor time of the client, beside curl's", "s/GiB", "≤ 2");
    }

    /// <summary>
    /// Rates while the network misbehaves beside rates while it does not, both over the same link of 20 ms and 2 Gbit/s. The data several
    /// times over: a single stall of five seconds would decide a shorter run.
    /// </summary>
    public static async Task FaultsAsync(AzuriteServer azurite, BenchmarkData data)
    {
        const int Times = 4;
        FaultPlan rough = FaultPlan.RoughDay with { LinkBytesPerSecond = 250e6 };
        FaultPlan fair = rough with { Rates = new Dictionary<Fault, double>() };
        await using var proxy = new FaultProxy(azurite.BlobEndpoint);
        var metrics = new StreamMetrics();
        IRangeStore store = data.OpenStore(proxy.Through(azurite.ContainerUri(BenchmarkData.Container)), metrics);
        Comparison comparison = await Comparison.OfAsync(round => RateUnderAsync(rough with { Seed = round }), round => RateUnderAsync(fair));
        comparison.Print("under faults (5 % 503, 1 % each of stalls, cuts, resets, wrong ETags), beside none", "MB/s", "≥ 0.8");
        Console.WriteLine(
            $"|   injected: {string.Join(", ", Enum.GetValues<Fault>().Where(fault => proxy.Count(fault) > 0).Select(fault => $"{proxy.Count(fault)} {fault}"))} in {proxy.Reads} reads, half of them of the fair runs; " +
            $"{metrics.Hedges.Value} hedges | | | | |");

        Task<double> RateUnderAsync(FaultPlan plan)
        {
            proxy.Plan = plan;
            return RateAsync(data, () => FetchAsync(store, data.Index, Times), Times);
        }
    }

    private static async Task<double> RateAsync(BenchmarkData data, Func<Task> fetch, int times = 1)
    {
        long start = TimeProvider.System.GetTimestamp();
        await fetch();
        return times * data.Index.Bytes / Mega / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>All shards, as many begun at a time as the cache does: the budget of ranges decides how much is in flight.</summary>
    private static Task FetchAsync(IRangeStore store, DatasetIndex index, int times = 1) => Parallel.ForEachAsync(
        Enumerable.Repeat(index.Shards, times).SelectMany(shards => shards),
        new ParallelOptions { MaxDegreeOfParallelism = 3 },
        async (shard, cancellationToken) => await store.CopyAsync(shard.Name, 0, shard.Bytes, NullSink.Instance, cancellationToken));

    private static Task CurlAsync(BenchmarkData data, Func<string, Uri> address)
    {
        Curl.Fetch(data.Index.Shards.Select(shard => (address(shard.Name), shard.Bytes)), data.Scratch);
        return Task.CompletedTask;
    }

    private sealed class NullSink : IRangeSink
    {
        public static readonly NullSink Instance = new();

        public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
