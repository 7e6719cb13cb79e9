using System.Globalization;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Packing;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;
using Ppma.Video.Augmentation;
using Ppma.Video.Loading;

namespace Ppma.Benchmarks.Streaming;

/// <summary>A data set of the videos that the decode benchmark uses, packed with short key-frame distances, and how clips are cut from it.</summary>
internal static class BenchmarkClips
{
    public const double ClipSeconds = 2.7;
    public const int Frames = 16;
    public const int ShortSide = 256;

    /// <summary>16 frames of 224×224 as the paper's presets take them: full frames, then scaled and cut in single precision.</summary>
    public static readonly ClipCut ReferencePath = new() { Frames = Frames, ClipSeconds = ClipSeconds, Views = new ViewSettings { Size = 224, ShortSide = ShortSide } };

    /// <summary>The same, scaled in 8 bits while decoding.</summary>
    public static readonly ClipCut FastPath = ReferencePath with { DecodeShortSide = ShortSide, Views = new ViewSettings { Size = 224, ShortSide = 0 } };

    public static readonly TrainingPlan Plan = new() { Seed = 1, ClipsPerBatch = 16, ShuffleBlockBytes = 32L << 20 };

    /// <summary>Writes as many copies of each video, in shards of 8 MiB.</summary>
    public static DatasetIndex Write(string folder, IReadOnlyList<BenchmarkVideo> videos, int copies)
    {
        var description = new DatasetDescription { Name = "clips", Humans = HumanPresence.None, Licence = "CC0-1.0", Classes = [] };
        using DatasetWriter writer = DatasetWriter.Create(folder, description, new PackingOptions { ShardBytes = 8L << 20 });
        for (int sample = 0; sample < copies * videos.Count; sample++)
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"clip-{sample:d6}");
            writer.Add(BenchmarkShards.Split, key, File.ReadAllBytes(videos[sample % videos.Count].Path), label: -1);
        }

        return writer.Complete();
    }

    public static Task<Dataset> OpenAsync(IBlobStore store, DatasetOptions? options = null) => Dataset.OpenAsync(store, BenchmarkShards.Split, options);
}
