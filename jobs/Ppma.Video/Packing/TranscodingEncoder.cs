using System.Text.Json.Nodes;
using Ppma.Datasets.Packing;
using Ppma.Datasets.Packing.Sources;
using Ppma.Video.Decoding;
using Ppma.Video.Transcoding;

namespace Ppma.Video.Packing;

/// <summary>Re-encodes videos and frame folders for training (<see cref="VideoTranscoder"/>).</summary>
/// <param name="settings">How; frames that are lost make a source a damaged one.</param>
/// <param name="frameRate">Frames per second that frame folders are read at; the published sets use 25.</param>
public sealed class TranscodingEncoder(TranscodeSettings settings, int frameRate = 25) : ISampleEncoder
{
    /// <summary>A time that was rounded to another container's clock; a lost frame moves the others by far more.</summary>
    private const double ClockSeconds = 0.002;

    public JsonObject Provenance => new()
    {
        ["deviation"] = FormattableString.Invariant($"re-encoded, short side {settings.ShortSide}, BT.601, key frame each second"),
        ["codec"] = "h264",
        ["shortSide"] = settings.ShortSide,
        ["quality"] = settings.Quality,
        ["preset"] = settings.Preset,
        ["frameFolderRate"] = frameRate,
        ["ffmpeg"] = Ffmpeg.Version,
    };

    public string? ProblemOf(PackSource source) => null;

    public EncodedSample Encode(PackSource source, CancellationToken cancellationToken = default)
    {
        try
        {
            TranscodedVideo video = source.Kind == SourceKind.Video
                ? VideoTranscoder.Transcode(source.FullPath, settings, cancellationToken)
                : FrameSequence.Encode(FramesOf(source), settings, frameRate, cancellationToken: cancellationToken);
            ThrowIfChanged(source, video);
            return new EncodedSample(video.Mp4, "mp4", FactsOf(source, video));
        }
        catch (VideoFormatException problem)
        {
            throw new DamagedSourceException(source, problem.Message, problem);
        }
        catch (InvalidOperationException problem)
        {
            throw new IOException($"{source.FullPath}: {problem.Message}", problem);
        }
    }

    /// <summary>What decides which frames a clip has: how many there are, and when they are shown.</summary>
    private static void ThrowIfChanged(PackSource source, TranscodedVideo video)
    {
        using VideoDecoder packed = VideoDecoder.Open(video.Mp4);
        ReadOnlySpan<double> times = packed.FrameSeconds;
        if (times.Length != video.Frames || video.LostFrames > 0)
        {
            throw new DamagedSourceException(source, FormattableString.Invariant(
                $"it has {Math.Max(video.Frames, video.Source.Frames)} frames, but {times.Length} after re-encoding"));
        }

        if (Math.Abs(packed.DurationSeconds - video.DurationSeconds) > ClockSeconds || times[0] > ClockSeconds)
        {
            throw new DamagedSourceException(source, FormattableString.Invariant(
                $"it lasts {video.DurationSeconds:F3} s, but {packed.DurationSeconds:F3} s from {times[0]:F3} s on after re-encoding"));
        }
    }

    private static JsonObject FactsOf(PackSource source, TranscodedVideo video)
    {
        var facts = new JsonObject
        {
            ["frames"] = video.Frames,
            ["durationSeconds"] = video.DurationSeconds,
            ["width"] = video.Width,
            ["height"] = video.Height,
            ["sourceKind"] = source.Kind == SourceKind.Video ? "video" : "frames",
            ["sourceCodec"] = video.Source.Codec,
            ["sourceWidth"] = video.Source.Width,
            ["sourceHeight"] = video.Source.Height,
            ["sourceMatrix"] = video.Source.Matrix,
        };
        if (video.Source.RotationDegrees != 0)
        {
            facts["sourceRotationDegrees"] = video.Source.RotationDegrees;
        }

        return facts;
    }

    private static IEnumerable<FrameFile> FramesOf(PackSource source) =>
        SourceFiles.FramesOf(source.FullPath).Select(path => new FrameFile(Path.GetFileName(path), File.ReadAllBytes(path)));
}
