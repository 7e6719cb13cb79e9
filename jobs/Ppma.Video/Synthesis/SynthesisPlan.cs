using System.Text.Json.Nodes;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Packing;
using Ppma.Video.Encoding;

namespace Ppma.Video.Synthesis;

/// <summary>One synthesised data set, completely: two equal plans give equal frames.</summary>
public sealed record SynthesisPlan
{
    public required SyntheticSet Set { get; init; }

    public required long Seed { get; init; }

    public required int TrainClips { get; init; }

    /// <summary>0 for a set without a test split.</summary>
    public int TestClips { get; init; }

    /// <summary>Name of the data set and of its folder: <c>context</c>, <c>synthetic</c> or <c>actions</c>.</summary>
    public string Name => Set.ToString().ToLowerInvariant();

    public int Clips => TrainClips + TestClips;

    /// <summary>
    /// Frames are smooth and small, so they are coded finely: what coding loses is then below what grain hides.
    /// </summary>
    internal static EncoderSettings Encoder { get; } = new()
    {
        Width = ClipRenderer.Size,
        Height = ClipRenderer.Size,
        FrameRate = ClipRenderer.FramesPerSecond,
        KeyFrameInterval = 6,
        Quality = 16,
    };

    /// <summary>What the index says. Its provenance holds everything that decides the frames.</summary>
    internal DatasetDescription Describe() => new()
    {
        Name = Name,
        Humans = Set == SyntheticSet.Context ? HumanPresence.Removed : HumanPresence.Synthetic,
        Licence = "CC0-1.0",
        Classes = ClipRenderer.Classes(Set),
        Provenance = new JsonObject
        {
            ["generator"] = "ppma dataset synth",
            ["generatorVersion"] = ClipRenderer.Version,
            ["set"] = Name,
            ["seed"] = Seed,
            ["trainClips"] = TrainClips,
            ["testClips"] = TestClips,
            ["frames"] = ClipRenderer.Frames,
            ["framesPerSecond"] = ClipRenderer.FramesPerSecond,
            ["size"] = ClipRenderer.Size,
            ["codec"] = "h264",
            ["quality"] = Encoder.Quality,
            ["preset"] = Encoder.Preset,
            ["keyFrameInterval"] = Encoder.KeyFrameInterval,
        },
    };

    /// <summary>Split, and index in the split, of every clip in the order in which they are written.</summary>
    internal (SyntheticSplit Split, int Index) ClipAt(int position) => position < TrainClips
        ? (SyntheticSplit.Train, position)
        : (SyntheticSplit.Test, position - TrainClips);
}
