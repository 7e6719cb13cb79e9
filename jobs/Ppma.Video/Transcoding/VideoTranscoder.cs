using System.Runtime.InteropServices;
using Ppma.Video.Decoding;

namespace Ppma.Video.Transcoding;

/// <summary>
/// Re-encodes videos for training, on the calling thread: small pictures, a key frame at least every second, every frame kept at its
/// time relative to the first. Rotation and sample aspect are ignored, as <see cref="VideoDecoder"/> ignores them; colours become
/// BT.601 of limited range, which is what it takes all for. One build of FFmpeg and x264 gives the same bytes for the same video, always.
/// </summary>
/// <remarks>
/// In memory are the source's packets (beside the file itself while it is demuxed), a few pictures, and the result.
/// </remarks>
public static class VideoTranscoder
{
    /// <summary>After so many packets, about a second of video, cancellation is looked for.</summary>
    private const int PacketsPerStep = 25;

    private const int ReadBytes = 16 << 20;

    /// <summary>Re-encodes a file in memory.</summary>
    /// <param name="file">The file: MP4, Matroska, WebM, AVI, MPEG and others that hold recorded video.</param>
    /// <param name="settings">How; the defaults where null.</param>
    /// <param name="cancellationToken">Looked at about every second of video.</param>
    /// <exception cref="VideoFormatException">The file holds no video that can be decoded, or fewer frames than it should.</exception>
    /// <exception cref="InvalidOperationException">Encoding failed, for example because FFmpeg was built without libx264.</exception>
    public static TranscodedVideo Transcode(ReadOnlySpan<byte> file, TranscodeSettings? settings = null, CancellationToken cancellationToken = default)
    {
        settings ??= new TranscodeSettings();
        using VideoTranscoderHandle transcoder = Open(file, settings);
        return Run(transcoder, cancellationToken);
    }

    /// <summary>Re-encodes a file on disk.</summary>
    /// <inheritdoc cref="Transcode(ReadOnlySpan{byte}, TranscodeSettings?, CancellationToken)"/>
    /// <param name="path">The file.</param>
    /// <param name="settings">How; the defaults where null.</param>
    /// <param name="cancellationToken">Looked at about every second of video.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TranscodedVideo Transcode(string path, TranscodeSettings? settings = null, CancellationToken cancellationToken = default)
    {
        settings ??= new TranscodeSettings();
        using VideoTranscoderHandle transcoder = Open(path, settings);
        return Run(transcoder, cancellationToken);
    }

    private static unsafe VideoTranscoderHandle Open(ReadOnlySpan<byte> file, TranscodeSettings settings)
    {
        fixed (byte* data = file)
        {
            return Open(data, file.Length, settings);
        }
    }

    /// <summary>The file is in memory only while it is demuxed, outside the managed heap: it may have more bytes than an array can.</summary>
    private static unsafe VideoTranscoderHandle Open(string path, TranscodeSettings settings)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = System.IO.File.OpenHandle(path, options: FileOptions.SequentialScan);
        long length = RandomAccess.GetLength(file);
        byte* data = (byte*)NativeMemory.Alloc((nuint)Math.Max(1, length));
        try
        {
            for (long read = 0; read < length;)
            {
                int bytes = RandomAccess.Read(file, new Span<byte>(data + read, (int)Math.Min(ReadBytes, length - read)), read);
                read += bytes > 0 ? bytes : throw new EndOfStreamException($"{path} became shorter while it was read: {read} of {length} bytes.");
            }

            return Open(data, length, settings);
        }
        finally
        {
            NativeMemory.Free(data);
        }
    }

    private static unsafe VideoTranscoderHandle Open(byte* data, long size, TranscodeSettings settings)
    {
        settings.ThrowIfOutOfRange();
        VideoLibrary.ThrowIfMissing();
        fixed (byte* preset = NativeTranscoding.ToNative(settings.Preset))
        {
            int reason = VideoLibrary.OpenTranscoder(
                data, size, NativeTranscoding.ToNative(settings, preset), out VideoTranscoderHandle transcoder, out VideoLibrary.NativeError error);
            VideoFailure.ThrowIfFailed(reason, error);
            return transcoder;
        }
    }

    private static TranscodedVideo Run(VideoTranscoderHandle transcoder, CancellationToken cancellationToken)
    {
        int packetsLeft;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            int step = VideoLibrary.StepTranscoder(transcoder, PacketsPerStep, out packetsLeft, out VideoLibrary.NativeError stepError);
            VideoFailure.ThrowIfFailed(step, stepError);
        }
        while (packetsLeft > 0);

        int reason = VideoLibrary.FinishTranscoder(
            transcoder, out nint data, out long size, out VideoLibrary.NativeTranscodeFacts facts, out VideoLibrary.NativeError error);
        VideoFailure.ThrowIfFailed(reason, error);
        return NativeTranscoding.Take(data, size, facts);
    }
}
