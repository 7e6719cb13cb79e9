using Ppma.Datasets.Indexing;
using Ppma.Datasets.Packing;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;
using Ppma.Video.Augmentation;
using Ppma.Video.Encoding;
using Ppma.Video.Loading;

namespace Ppma.Video.Tests.Loading;

/// <summary>A data set of clips that all look different, some of them no videos at all.</summary>
internal static class TinyDataset
{
    public const int Clips = 12;

    private const int Size = 32;
    private const int Frames = 8;

    public static ClipCut Cut { get; } = new()
    {
        Frames = 4, ClipSeconds = 0.5, DecodeShortSide = 16, Views = new ViewSettings { Size = 16, ShortSide = 0, CropScale = (0.5, 1) },
    };

    /// <summary>Writes and opens it: clip i is of class i mod 3.</summary>
    /// <param name="folder">Gets the files.</param>
    /// <param name="damaged">Ordinals whose bytes no decoder takes, though their hash is right.</param>
    public static Dataset Open(string folder, params int[] damaged)
    {
        Pack(folder, damaged);
        return Open(BlobStore.Open(folder));
    }

    /// <summary>Opens one that was written.</summary>
    public static Dataset Open(IBlobStore store) => Dataset.OpenAsync(store, "train").GetAwaiter().GetResult();

    public static void Pack(string folder, params int[] damaged)
    {
        byte[] film = MovingBars.Frames(Frames + Clips, Size, Size);
        var description = new DatasetDescription { Name = "tiny", Humans = HumanPresence.None, Licence = "CC0-1.0", Classes = ["a", "b", "c"] };
        using var writer = DatasetWriter.Create(folder, description, new PackingOptions { ShardBytes = 16 << 10 });
        for (int clip = 0; clip < Clips; clip++)
        {
            byte[] video = damaged.Contains(clip)
                ? [.. Enumerable.Repeat((byte)clip, 500)]
                : VideoEncoder.Encode(
                    film.AsSpan(clip * Size * Size * 3, Frames * Size * Size * 3),
                    new EncoderSettings { Width = Size, Height = Size, FrameRate = 10, KeyFrameInterval = 4 });
            writer.Add("train", $"clip-{clip:d2}", video, clip % 3);
        }

        writer.Complete();
    }

    /// <summary>Changes one byte of a clip's video behind the data set's back.</summary>
    public static void Spoil(string folder, Dataset dataset, int clip)
    {
        SampleRef sample = dataset.GetAsync(clip).AsTask().GetAwaiter().GetResult();
        using FileStream shard = File.OpenWrite(Path.Combine(folder, sample.Shard.Name));
        shard.Position = sample.Record.Offset + (sample.Record.Length / 2);
        shard.Write("spoiled"u8);
    }
}
