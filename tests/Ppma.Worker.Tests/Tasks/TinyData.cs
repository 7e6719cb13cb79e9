using System.Security.Cryptography;
using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Packing;
using Ppma.Video.Encoding;
using Ppma.Video.Synthesis;

namespace Ppma.Worker.Tests.Tasks;

/// <summary>Small synthesised data sets, written once, and ways to make spoiled ones.</summary>
public sealed class TinyData : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TinyData()
    {
        Write(SyntheticSet.Context, testClips: 0);
        Write(SyntheticSet.Actions, testClips: 16);
    }

    public DatasetInput Context => Input(_folder.File("context"), Humans.Removed);

    public DatasetInput Actions => Input(_folder.File("actions"), Humans.Synthetic);

    public void Dispose() => _folder.Dispose();

    /// <summary>A data set in a folder as a task names it.</summary>
    public static DatasetInput Input(string folder, Humans humans) => new()
    {
        Name = Path.GetFileName(folder),
        Uri = new Uri(folder).AbsoluteUri,
        Digest = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "index.json")))),
        Humans = humans,
    };

    /// <summary>A copy of the actions whose files a test may spoil.</summary>
    public string CopyActions(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(_folder.File("actions")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return folder;
    }

    /// <summary>Clips of one split each, without classes, or with those that are given; a clip that is not whole cannot be decoded.</summary>
    public static string Pack(string folder, HumanPresence humans, string[] classes, params (string Split, bool Whole)[] clips) =>
        Pack(folder, humans, classes, new PackingOptions().ShardBytes, clips);

    /// <summary>The same in shards of about so many bytes.</summary>
    public static string Pack(string folder, HumanPresence humans, string[] classes, long shardBytes, params (string Split, bool Whole)[] clips)
    {
        byte[] rgb = new byte[ClipRenderer.ClipBytes];
        var description = new DatasetDescription { Name = Path.GetFileName(folder), Humans = humans, Licence = "CC0-1.0", Classes = classes };
        using var writer = DatasetWriter.Create(folder, description, new PackingOptions { ShardBytes = shardBytes });
        for (int clip = 0; clip < clips.Length; clip++)
        {
            ClipRenderer.Render(seed: 1, SyntheticSet.Actions, SyntheticSplit.Train, clip, rgb);
            byte[] video = clips[clip].Whole
                ? VideoEncoder.Encode(rgb, new EncoderSettings { Width = ClipRenderer.Size, Height = ClipRenderer.Size, FrameRate = 10, KeyFrameInterval = 6 })
                : [.. Enumerable.Repeat((byte)clip, 400)];
            writer.Add(clips[clip].Split, $"clip-{clip:d2}", video, classes.Length == 0 ? -1 : clip % classes.Length);
        }

        writer.Complete();
        return folder;
    }

    private void Write(SyntheticSet set, int testClips)
    {
        var plan = new SynthesisPlan { Set = set, Seed = 1, TrainClips = 32, TestClips = testClips };
        SyntheticDatasetWriter.WriteAsync(_folder.File(plan.Name), plan).GetAwaiter().GetResult();
    }
}
