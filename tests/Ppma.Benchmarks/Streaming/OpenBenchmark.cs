using System.Diagnostics;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Ordering;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Scanning;
using Ppma.Datasets.Stores;

namespace Ppma.Benchmarks.Streaming;

/// <summary>What continuing in a data set of a million samples costs before the first clip is there, part by part; goal: 2 s in all.</summary>
internal static class OpenBenchmark
{
    private const long ShuffleBlockBytes = 256L << 20;
    private const int Rounds = 6;

    private const int Samples = 1_000_000;
    private const int Shards = 1_000;

    public static async Task RunAsync(BenchmarkData data)
    {
        string folder = Directory.CreateDirectory(Path.Combine(data.Scratch, "many-samples")).FullName;
        long start = Stopwatch.GetTimestamp();
        DatasetIndex index = ManySamples.Write(folder, Samples, Shards);
        Console.WriteLine($"\n{index.Samples} samples in {index.Shards.Count} shards, {index.Bytes / 1e6:f0} MB, written in {Stopwatch.GetElapsedTime(start).TotalSeconds:f1} s");
        Console.WriteLine($"index.json has {new FileInfo(Path.Combine(folder, DatasetIndex.FileName)).Length / 1e3:f0} kB");
        Console.WriteLine();
        Console.WriteLine("| round | index | order | first clip | together | CPU |");
        Console.WriteLine("|---|---|---|---|---|---|");
        for (int round = 0; round < Rounds; round++)
        {
            await OpenAsync(folder, round);
        }

        await TimeAsync("verify (sizes, offsets, keys)", () => DatasetVerifier.VerifyAsync(BlobStore.Open(folder)));
        await TimeAsync("verify --read-shards", () => DatasetVerifier.VerifyAsync(BlobStore.Open(folder), readShards: true));
        await TimeAsync("index (local, so hashed)", () => DatasetIndexer.IndexAsync(
            BlobStore.Open(folder), new IndexingOptions { Humans = HumanPresence.None, Overwrite = true }));
        using var process = Process.GetCurrentProcess();
        Console.WriteLine($"largest resident memory: {process.PeakWorkingSet64 / 1e6:f0} MB");
    }

    private static async Task OpenAsync(string folder, int round)
    {
        // A cursor far into training, another place each round.
        long cursor = (long)(Samples * 800.0 * (0.61803398875 * (round + 1) % 1));
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        Dataset dataset = await Dataset.OpenAsync(BlobStore.Open(folder), ManySamples.Split);
        TimeSpan opened = Stopwatch.GetElapsedTime(start);
        var order = new SampleOrder(dataset.ShardSizes(), seed: round, ShuffleBlockBytes);
        int ordinal = order.At(cursor).Ordinal;
        TimeSpan ordered = Stopwatch.GetElapsedTime(start);
        using var video = await dataset.ReadVideoAsync(await dataset.GetAsync(ordinal));
        TimeSpan read = Stopwatch.GetElapsedTime(start);
        string place = round == 0 ? "first in the process" : $"{round}";
        Console.WriteLine(
            $"| {place} | {opened.TotalMilliseconds:f1} ms | {(ordered - opened).TotalMilliseconds:f1} ms | {(read - ordered).TotalMilliseconds:f1} ms | {read.TotalMilliseconds:f1} ms | {(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds:f0} ms |");
    }

    private static async Task TimeAsync(string name, Func<Task> run)
    {
        long start = Stopwatch.GetTimestamp();
        await run();
        Console.WriteLine($"{name}: {Stopwatch.GetElapsedTime(start).TotalSeconds:f2} s");
    }
}
