using System.Diagnostics;
using System.Globalization;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Packing;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;
using Ppma.Video.Augmentation;
using Ppma.Video.Loading;

namespace Ppma.Benchmarks;

/// <summary>Clips that loading reads, decodes, cuts and batches in a second, by threads: from files in the page cache to batches.</summary>
internal static class LoadingBenchmark
{
    private const int Rounds = 5;
    private const int ClipsARound = 96;
    private const int ClipsPerBatch = 8;

    public static ClipCut ReferencePath { get; } = new() { Frames = 16, ClipSeconds = 2.7, Views = new ViewSettings { Size = 224 } };

    public static ClipCut FastPath { get; } = ReferencePath with { DecodeShortSide = 256, Views = new ViewSettings { Size = 224, ShortSide = 0 } };

    public static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        string folder = Directory.CreateTempSubdirectory("ppma-loading-").FullName;
        try
        {
            Dataset dataset = Pack(Path.Combine(folder, "set"), BenchmarkVideo.MakeAll(folder));
            Console.WriteLine($"clips a second, wall clock, medians of {Rounds} rounds in turns of {ClipsARound} clips ({ReferencePath.Frames} frames of 340x256 to {ReferencePath.Views.Size}):");
            Print("reference path", dataset, ReferencePath);
            Print("fast path", dataset, FastPath);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A data set of the videos, several times each.</summary>
    public static Dataset Pack(string folder, IReadOnlyList<BenchmarkVideo> videos)
    {
        var description = new DatasetDescription { Name = "benchmark", Humans = HumanPresence.None, Licence = "CC0-1.0", Classes = [] };
        using (var writer = DatasetWriter.Create(folder, description))
        {
            for (int clip = 0; clip < ClipsARound; clip++)
            {
                BenchmarkVideo video = videos[clip % videos.Count];
                writer.Add("train", $"clip-{clip:d3}", File.ReadAllBytes(video.Path), -1, extension: Path.GetExtension(video.Path)[1..]);
            }

            writer.Complete();
        }

        return Dataset.OpenAsync(BlobStore.Open(folder), "train").GetAwaiter().GetResult();
    }

    /// <summary>Clips a second from the first batch to the last.</summary>
    public static double ClipsASecond(Dataset dataset, ClipCut cut, int threads, int clips)
    {
        var plan = new TrainingPlan { Seed = 0, ClipsPerBatch = ClipsPerBatch, ShuffleBlockBytes = 256 << 20 };
        var views = new TrainingViews([dataset], plan, cut, new LoadingOptions { Threads = threads });
        int batches = 0;
        long start = 0;
        foreach (ViewBatch batch in views.ReadFrom(0, CancellationToken.None).Take(1 + (clips / ClipsPerBatch)))
        {
            batch.Dispose();
            if (batches++ == 0)
            {
                // Three more are being made by now, and as many will be when the last one is there.
                start = Stopwatch.GetTimestamp();
            }
        }

        return (batches - 1) * ClipsPerBatch / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Print(string name, Dataset dataset, ClipCut cut)
    {
        var one = new List<double>();
        var two = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            one.Add(ClipsASecond(dataset, cut, threads: 1, ClipsARound));
            two.Add(ClipsASecond(dataset, cut, threads: 2, ClipsARound));
        }

        Console.WriteLine($"{name,-16} one thread {Median(one):f1}, two threads {Median(two):f1}, ratio {Median(one.Zip(two, (single, twin) => twin / single)):f2}");
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
}
