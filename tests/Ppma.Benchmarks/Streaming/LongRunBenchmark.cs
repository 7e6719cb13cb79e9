using Azure.Storage.Blobs;
using Ppma.Datasets.Caching;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Reading;
using Ppma.Testing;
using Ppma.Video.Loading;
using static TorchSharp.torch;

namespace Ppma.Benchmarks.Streaming;

/// <summary>
/// Training batches from Azurite through a cache that holds less than the data, for minutes: what the first batch costs, how resident
/// memory stands to the budget, and whether it grows.
/// </summary>
internal static class LongRunBenchmark
{
    private const string Container = "clips";
    private const long BudgetBytes = 512L << 20;
    private const double Mebi = 1 << 20;
    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(AzuriteServer azurite, BenchmarkData data, TimeSpan duration)
    {
        string folder = Path.Combine(data.Scratch, "long-run");
        List<BenchmarkVideo> videos = BenchmarkVideo.MakeAll(Directory.CreateDirectory(Path.Combine(data.Scratch, "long-run-videos")).FullName);
        DatasetIndex index = BenchmarkClips.Write(folder, videos, copies: 64);
        BlobContainerClient container = await azurite.CreateContainerAsync(Container);
        await BenchmarkShards.UploadAsync(folder, container);
        await data.AllowAsync(azurite, Container);

        // Torch and the runtime are there before anything is loaded: no part of the budget.
        zeros(1).Dispose();
        double before = Environment.WorkingSet / Mebi;
        var metrics = new StreamMetrics();
        var cacheOptions = new ShardCacheOptions { Folder = Path.Combine(data.Scratch, "long-run-cache"), LimitBytes = 3 * BenchmarkClips.Plan.ShuffleBlockBytes, Metrics = metrics };
        await using ShardCache cache = ShardCache.Open(cacheOptions);
        long start = TimeProvider.System.GetTimestamp();
        Dataset dataset = await BenchmarkClips.OpenAsync(
            data.OpenStore(azurite.ContainerUri(Container), metrics), new DatasetOptions { Cache = cache, Metrics = metrics });
        var views = new TrainingViews([dataset], BenchmarkClips.Plan, BenchmarkClips.FastPath, new LoadingOptions { MemoryBytes = BudgetBytes, Metrics = metrics });
        var resident = new List<(double Minutes, double Mebibytes)>();
        double largestInFlight = 0;
        double firstBatchSeconds = 0;
        long batches = 0;
        TimeSpan sampled = TimeSpan.Zero;
        foreach (ViewBatch batch in views.ReadFrom(12_345, CancellationToken.None))
        {
            using (batch)
            using (Tensor video = batch.ToDevice(CPU))
            {
                batches++;
            }

            TimeSpan now = TimeProvider.System.GetElapsedTime(start);
            firstBatchSeconds = batches == 1 ? now.TotalSeconds : firstBatchSeconds;
            largestInFlight = Math.Max(largestInFlight, metrics.BytesInFlight.Value / Mebi);
            if (now - sampled >= SampleEvery)
            {
                sampled = now;
                resident.Add((now.TotalMinutes, Environment.WorkingSet / Mebi));
            }

            if (now >= duration)
            {
                break;
            }
        }

        double clips = batches * (double)BenchmarkClips.Plan.ClipsPerBatch;
        double most = resident.Max(sample => sample.Mebibytes);
        Console.WriteLine($"""

            Long run: {duration.TotalMinutes:g3} minutes from Azurite, {index.Bytes / 1e6:f0} MB of data, cache of {cache.LimitBytes / 1e6:f0} MB, budget of {BudgetBytes / Mebi:f0} MiB
            - {clips:f0} clips, {clips / duration.TotalSeconds:f1} a second; {clips / dataset.Count:f1} passes; first batch, from opening on, after {firstBatchSeconds:f2} s
            - {metrics.Bytes.Value / 1e6:f0} MB fetched, {metrics.Bytes.Value / (index.Bytes * clips / dataset.Count):f2} times what was used; {metrics.CacheEvictions.Value} evictions
            - largest count of bytes in flight {largestInFlight:f0} MiB
            - resident: {before:f0} MiB before loading, {most:f0} MiB at most ({most - before:f0} MiB more; goal: at most {(BudgetBytes / Mebi) + 256:f0} MiB);
              {Slope(resident[(resident.Count / 2)..]):f2} MiB a minute over the second half
            """);
    }

    private static double Slope(List<(double X, double Y)> points)
    {
        double meanX = points.Average(point => point.X), meanY = points.Average(point => point.Y);
        return points.Sum(point => (point.X - meanX) * (point.Y - meanY)) / points.Sum(point => Math.Pow(point.X - meanX, 2));
    }
}
