using System.Text.Json.Nodes;
using Ppma.Datasets.Packing;
using Ppma.Datasets.Packing.Sources;
using Ppma.Video.Decoding;

namespace Ppma.Video.Packing;

/// <summary>Packs videos as they are, after looking whether they can be opened.</summary>
public sealed class CopyingEncoder : ISampleEncoder
{
    private static readonly string[] Extensions = ["mp4", "webm", "mkv", "avi", "mov"];

    public JsonObject Provenance => new() { ["deviation"] = "copied" };

    public string? ProblemOf(PackSource source) =>
        source.Kind == SourceKind.Frames ? "frames are no video that could be copied; re-encode them (without --copy)"
        : Extensions.Contains(ExtensionOf(source)) ? null
        : $"only {string.Join(", ", Extensions)} are copied; re-encode it (without --copy)";

    public EncodedSample Encode(PackSource source, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        byte[] bytes = File.ReadAllBytes(source.FullPath);
        try
        {
            using VideoDecoder video = VideoDecoder.Open(bytes);
            return new EncodedSample(bytes, ExtensionOf(source), new JsonObject
            {
                ["frames"] = video.FrameSeconds.Length,
                ["durationSeconds"] = video.DurationSeconds,
                ["width"] = video.Width,
                ["height"] = video.Height,
            });
        }
        catch (VideoFormatException problem)
        {
            throw new DamagedSourceException(source, problem.Message, problem);
        }
    }

    private static string ExtensionOf(PackSource source) => Path.GetExtension(source.RelativePath).TrimStart('.').ToLowerInvariant();
}
