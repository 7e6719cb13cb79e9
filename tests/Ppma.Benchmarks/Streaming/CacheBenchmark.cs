using System.Buffers;
using Ppma.Datasets.Caching;
using Ppma.Datasets.Reading;
using Ppma.Testing;

namespace Ppma.Benchmarks.Streaming;

/// <summary>Samples through the cache: while it fills, with and without hashing, and when it holds everything.</summary>
internal static class CacheBenchmark
{
    private const double Mega = 1e6;
    private const int Readers = 4;

    /// <summary>Every sample of an empty cache's data set, hashed and on disk at the end, beside curl that throws bytes away.</summary>
    public static async Task ColdAsync(AzuriteServer azurite, BenchmarkData data)
    {
        Uri container = azurite.ContainerUri(BenchmarkData.Container);
        Comparison comparison = await Comparison.OfAsync(
            round => ColdRateAsync(data, container, $"cold-{round}"),
            async _ =>
            {
                long start = TimeProvider.System.GetTimestamp();
                await Task.Run(() => Curl.Fetch(data.Index.Shards.Select(shard => (data.Signed(container, shard.Name), shard.Bytes)), data.Scratch));
                return Rate(data.Index.Bytes, start);
            });
        comparison.Print("cold, through hash and cache to samples, beside curl to nowhere", "MB/s", "");
    }

    /// <summary>The same with SHA-256 and XXH3, beside an index that names ETags and no hashes.</summary>
    public static async Task HashingAsync(AzuriteServer azurite, BenchmarkData data)
    {
        await data.UploadWithoutHashesAsync(azurite);
        Comparison comparison = await Comparison.OfAsync(
            round => ColdRateAsync(data, azurite.ContainerUri(BenchmarkData.Container), $"hashed-{round}"),
            round => ColdRateAsync(data, azurite.ContainerUri(BenchmarkData.ContainerWithoutHashes), $"unhashed-{round}"));
        comparison.Print("cold, hashing beside not hashing", "MB/s", "≥ 0.9");
    }

    /// <summary>Every sample from a cache that holds them all, one thread, beside <c>cat</c> of the same shards.</summary>
    public static async Task WarmAsync(AzuriteServer azurite, BenchmarkData data)
    {
        string folder = Path.Combine(data.Scratch, "warm");
        await using ShardCache cache = Open(folder);
        Dataset dataset = await OpenAsync(data, azurite.ContainerUri(BenchmarkData.Container), cache);
        await ReadAllAsync(dataset, Readers);
        string[] files = [.. data.Index.Shards.Select(shard => Path.Combine(data.Folder, shard.Name))];
        Comparison comparison = await Comparison.OfAsync(
            async _ =>
            {
                long start = TimeProvider.System.GetTimestamp();
                await ReadAllAsync(dataset, readers: 1);
                return Rate(data.Index.Bytes, start);
            },
            _ =>
            {
                long start = TimeProvider.System.GetTimestamp();
                Processes.Run("sh", ["-c", "cat \"$@\" > /dev/null", "sh", .. files]);
                return Task.FromResult(Rate(data.Index.Bytes, start));
            });
        comparison.Print("warm cache, samples with their hash checked, beside cat", "MB/s", "≥ 0.6");
    }

    private static async Task<double> ColdRateAsync(BenchmarkData data, Uri container, string cacheName)
    {
        string folder = Path.Combine(data.Scratch, cacheName);
        try
        {
            await using ShardCache cache = Open(folder);
            long start = TimeProvider.System.GetTimestamp();
            Dataset dataset = await OpenAsync(data, container, cache);
            await ReadAllAsync(dataset, Readers);
            return Rate(data.Index.Bytes, start);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Nothing is read twice: what a start may read past the cache is no part of these rates.
    private static ShardCache Open(string folder) => ShardCache.Open(new ShardCacheOptions { Folder = folder, DirectReadBytes = 0 });

    private static Task<Dataset> OpenAsync(BenchmarkData data, Uri container, ShardCache cache) =>
        Dataset.OpenAsync(data.OpenStore(container), BenchmarkShards.Split, new DatasetOptions { Cache = cache });

    private static async Task ReadAllAsync(Dataset dataset, int readers)
    {
        dataset.Expect(Enumerable.Range(0, dataset.Shards.Count));
        await Parallel.ForAsync(0, dataset.Count, new ParallelOptions { MaxDegreeOfParallelism = readers }, async (ordinal, cancellationToken) =>
        {
            using IMemoryOwner<byte> video = await dataset.ReadVideoAsync(await dataset.GetAsync(ordinal, cancellationToken), cancellationToken);
        });
    }

    private static double Rate(long bytes, long start) => bytes / Mega / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
}
