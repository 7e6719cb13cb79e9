using System.Text.Json.Nodes;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Packing;
using Ppma.Datasets.Randomness;

namespace Ppma.Datasets.Tests;

/// <summary>A small data set: train samples <c>train-0…</c> and test samples <c>test-0…</c> of uneven length.</summary>
internal static class Samples
{
    public const int Train = 10;
    public const int Test = 3;

    public static DatasetDescription Description => new()
    {
        Name = "tiny",
        Humans = HumanPresence.Synthetic,
        Licence = "CC0-1.0",
        Classes = ["wave", "clap"],
        Provenance = new JsonObject { ["seed"] = 1 },
    };

    public static byte[] Video(int number)
    {
        byte[] bytes = new byte[700 + (number * 37)];
        var stream = new PhiloxStream(seed: 1, RandomPurpose.Synthesis, sample: number);
        foreach (ref byte value in bytes.AsSpan())
        {
            value = (byte)stream.NextUInt32();
        }

        return bytes;
    }

    public static DatasetIndex Pack(string folder, DatasetDescription? description = null, PackingOptions? options = null)
    {
        using var writer = DatasetWriter.Create(folder, description ?? Description, options ?? new PackingOptions { ShardBytes = 8192 });
        for (int i = 0; i < Train; i++)
        {
            writer.Add("train", $"train-{i}", Video(i), i % 2, new JsonObject { ["source"] = $"a/b#{i}.mp4" });
        }

        for (int i = 0; i < Test; i++)
        {
            writer.Add("test", $"test-{i}", Video(100 + i), 1, extension: "webm");
        }

        return writer.Complete();
    }
}
