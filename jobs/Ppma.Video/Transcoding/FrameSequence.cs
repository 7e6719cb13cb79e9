using Ppma.Video.Decoding;

namespace Ppma.Video.Transcoding;

/// <summary>Videos that are published as pictures, one file a frame.</summary>
public static class FrameSequence
{
    /// <summary>
    /// Encodes pictures of one size at a constant rate, as <see cref="VideoTranscoder"/> would encode a video of them. One picture is
    /// in memory at a time if they are enumerated so.
    /// </summary>
    /// <param name="frames">JPEG or PNG files in the order of showing.</param>
    /// <param name="settings">How; the defaults where null. A frame that cannot be decoded is always an error.</param>
    /// <param name="frameRate">Frames per second.</param>
    /// <param name="frameRateDivisor">Divisor of <paramref name="frameRate"/>, for rates such as 30000/1001.</param>
    /// <param name="cancellationToken">Looked at before every frame.</param>
    /// <exception cref="VideoFormatException">A frame, which is named, cannot be decoded or has another size; or there are none.</exception>
    /// <exception cref="InvalidOperationException">Encoding failed, for example because FFmpeg was built without libx264.</exception>
    public static TranscodedVideo Encode(
        IEnumerable<FrameFile> frames,
        TranscodeSettings? settings = null,
        int frameRate = 25,
        int frameRateDivisor = 1,
        CancellationToken cancellationToken = default)
    {
        settings ??= new TranscodeSettings();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frameRate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frameRateDivisor);
        using FrameSequenceHandle sequence = Open(settings, frameRate, frameRateDivisor);
        int position = 0;
        foreach (FrameFile frame in frames)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int added = VideoLibrary.AddToSequence(sequence, frame.Bytes.Span, frame.Bytes.Length, out VideoLibrary.NativeError frameError);
            VideoFailure.ThrowIfFailed(added, frameError, $"frame {position} ({frame.Name})");
            position++;
        }

        int reason = VideoLibrary.FinishSequence(
            sequence, out nint data, out long size, out VideoLibrary.NativeTranscodeFacts facts, out VideoLibrary.NativeError error);
        VideoFailure.ThrowIfFailed(reason, error);
        return NativeTranscoding.Take(data, size, facts);
    }

    private static unsafe FrameSequenceHandle Open(TranscodeSettings settings, int frameRate, int frameRateDivisor)
    {
        settings.ThrowIfOutOfRange();
        VideoLibrary.ThrowIfMissing();
        fixed (byte* preset = NativeTranscoding.ToNative(settings.Preset))
        {
            int reason = VideoLibrary.OpenSequence(
                NativeTranscoding.ToNative(settings, preset),
                frameRate,
                frameRateDivisor,
                out FrameSequenceHandle sequence,
                out VideoLibrary.NativeError error);
            VideoFailure.ThrowIfFailed(reason, error);
            return sequence;
        }
    }
}
