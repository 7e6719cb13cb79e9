using Ppma.Video.Transcoding;

namespace Ppma.Video.Tests.Transcoding;

/// <summary>Re-encodes as the tests do: quickly, and cancelled with the test.</summary>
internal static class Transcodes
{
    public static TranscodeSettings Small { get; } = new() { ShortSide = 64, Preset = "superfast" };

    public static TranscodedVideo Transcode(byte[] source, TranscodeSettings? settings = null) =>
        VideoTranscoder.Transcode(source, settings ?? Small, TestContext.Current.CancellationToken);

    public static TranscodedVideo Encode(IEnumerable<byte[]> frames, TranscodeSettings? settings = null, int frameRate = 25) =>
        FrameSequence.Encode(
            frames.Select((bytes, i) => new FrameFile($"img_{i:d5}", bytes)),
            settings ?? Small,
            frameRate,
            cancellationToken: TestContext.Current.CancellationToken);
}
