using Ppma.Video.Encoding;

namespace Ppma.Video.Transcoding;

/// <summary>Settings and results as the C library has them.</summary>
internal static class NativeTranscoding
{
    public static byte[] ToNative(string text) => System.Text.Encoding.UTF8.GetBytes(text + '\0');

    /// <param name="settings">The settings.</param>
    /// <param name="preset"><see cref="TranscodeSettings.Preset"/> by <see cref="ToNative(string)"/>, pinned.</param>
    public static unsafe VideoLibrary.NativeTranscodeSettings ToNative(TranscodeSettings settings, byte* preset) => new()
    {
        ShortSide = settings.ShortSide,
        Quality = settings.Quality,
        Preset = preset,
        MaxPixels = settings.Limits.MaxPixels,
        AcceptsLostFrames = settings.AcceptLostFrames ? 1 : 0,
    };

    public static TranscodedVideo Take(nint data, long size, in VideoLibrary.NativeTranscodeFacts facts) => new()
    {
        Mp4 = EncodedFile.Take(data, size),
        Width = facts.Width,
        Height = facts.Height,
        Frames = facts.FrameCount,
        DurationSeconds = facts.DurationSeconds,
        Source = new SourceFacts
        {
            Codec = facts.Codec.ToString(),
            PixelFormat = facts.PixelFormat.ToString(),
            Width = facts.SourceWidth,
            Height = facts.SourceHeight,
            Frames = facts.SourceFrameCount,
            Matrix = facts.Matrix.ToString(),
            MatrixIsTagged = facts.MatrixIsTagged != 0,
            IsFullRange = facts.IsFullRange != 0,
            RotationDegrees = facts.RotationDegrees,
            FirstSeconds = facts.FirstSeconds,
        },
    };
}
