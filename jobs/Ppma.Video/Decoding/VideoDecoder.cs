using Ppma.Video.Sampling;
using TorchSharp;

namespace Ppma.Video.Decoding;

/// <summary>
/// Decodes frames of one video held in memory, on the calling thread. Colours are converted as BT.601 of limited range;
/// colour tags, rotation and sample aspect are ignored. One thread at a time; several decoders are independent.
/// </summary>
public sealed class VideoDecoder : IDisposable
{
    private const int MaxAttempts = 3;

    private readonly VideoDecoderHandle _handle;
    private VideoLibrary.NativeVideoInfo _info;
    private double[] _frameSeconds = [];

    private VideoDecoder(VideoDecoderHandle handle)
    {
        _handle = handle;
        RefreshInfo();
    }

    /// <summary>Width of the stored pictures, pixels.</summary>
    public int Width => _info.Width;

    /// <summary>Height of the stored pictures, pixels.</summary>
    public int Height => _info.Height;

    /// <summary>From the stream's start to the end of its last frame.</summary>
    public double DurationSeconds => _info.DurationSeconds;

    /// <summary>When each frame is shown, seconds relative to the stream's start, in presentation order.</summary>
    public ReadOnlySpan<double> FrameSeconds => _frameSeconds;

    /// <summary>Packets that the codec had to be given so far.</summary>
    internal long PacketsSent
    {
        get
        {
            VideoLibrary.GetWork(_handle, out long sent, out _);
            return sent;
        }
    }

    /// <summary>Demuxes a whole file. The bytes are not needed afterwards.</summary>
    /// <param name="file">The file: MP4, Matroska, WebM, AVI, MPEG and others that hold recorded video.</param>
    /// <param name="limits">What the file may ask for.</param>
    /// <exception cref="VideoFormatException">The file holds no video that can be decoded.</exception>
    public static VideoDecoder Open(ReadOnlySpan<byte> file, VideoLimits? limits = null)
    {
        VideoLibrary.ThrowIfMissing();
        VideoDecoderHandle handle;
        int reason;
        VideoLibrary.NativeError error;
        unsafe
        {
            fixed (byte* data = file)
            {
                reason = VideoLibrary.OpenDecoder(data, file.Length, (limits ?? new VideoLimits()).MaxPixels, out handle, out error);
            }
        }

        VideoFailure.ThrowIfFailed(reason, error);
        return new VideoDecoder(handle);
    }

    /// <summary>
    /// Decodes <paramref name="frameCount"/> frames spread evenly over those shown in
    /// [<paramref name="startSeconds"/>, <paramref name="startSeconds"/> + <paramref name="lengthSeconds"/>); with fewer there, some repeat.
    /// </summary>
    /// <param name="startSeconds">Start of the window relative to the stream's start.</param>
    /// <param name="lengthSeconds">Length of the window.</param>
    /// <param name="frameCount">How many frames to choose.</param>
    /// <param name="shortSide">0: the pictures' own size, converted without scaling (the reference path). Else the pictures are scaled
    /// in 8 bits to this short side while they are converted (the fast path).</param>
    /// <exception cref="VideoFormatException">A frame cannot be decoded, or the window holds none.</exception>
    public DecodedWindow ReadWindow(double startSeconds, double lengthSeconds, int frameCount, int shortSide = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frameCount);
        ArgumentOutOfRangeException.ThrowIfNegative(shortSide);
        for (int attempt = 1; ; attempt++)
        {
            int[] inWindow = TemporalSampling.FramesInWindow(_frameSeconds, startSeconds, lengthSeconds);
            if (inWindow.Length == 0)
            {
                throw new VideoFormatException(
                    VideoFormatReason.ZeroLength,
                    FormattableString.Invariant($"no frame is shown in the {lengthSeconds} s from {startSeconds} s; it lasts {DurationSeconds} s"));
            }

            int[] frames = [.. TemporalSampling.EvenlySpaced(inWindow.Length, frameCount).Select(i => inWindow[i])];
            (int height, int width) = shortSide == 0 ? (Height, Width) : SpatialSampling.ScaledSize(Height, Width, shortSide);
            torch.Tensor pixels = torch.empty([frameCount, height, width, 3], torch.ScalarType.Byte);
            try
            {
                if (TryReadFrames(frames, width, height, pixels.bytes, mayRetry: attempt < MaxAttempts))
                {
                    return new DecodedWindow(pixels, frames, inWindow.Length);
                }
            }
            catch
            {
                pixels.Dispose();
                throw;
            }

            pixels.Dispose();
        }
    }

    /// <summary>
    /// Decodes chosen frames into the caller's memory. False when decoding showed that the container had stated the times or the
    /// size wrongly: <see cref="FrameSeconds"/>, <see cref="Width"/> and <see cref="Height"/> are right now, so choose again.
    /// </summary>
    /// <param name="frames">Positions in presentation order, ascending; repeats are allowed.</param>
    /// <param name="width">Width to scale to; <see cref="Width"/> for none.</param>
    /// <param name="height">Height to scale to; <see cref="Height"/> for none.</param>
    /// <param name="rgb">Receives frames × height × width × 3 bytes.</param>
    /// <exception cref="VideoFormatException">A frame cannot be decoded.</exception>
    public bool TryReadFrames(ReadOnlySpan<int> frames, int width, int height, Span<byte> rgb) =>
        TryReadFrames(frames, width, height, rgb, mayRetry: true);

    public void Dispose() => _handle.Dispose();

    private bool TryReadFrames(ReadOnlySpan<int> frames, int width, int height, Span<byte> rgb, bool mayRetry)
    {
        long needed = (long)frames.Length * width * height * 3;
        if (rgb.Length < needed)
        {
            throw new ArgumentException($"{frames.Length} frames of {width}x{height} need {needed} bytes, but there are {rgb.Length}.", nameof(rgb));
        }

        int reason = VideoLibrary.Read(_handle, frames, frames.Length, width, height, rgb, out VideoLibrary.NativeError error);
        if (reason == VideoLibrary.Revised && mayRetry)
        {
            RefreshInfo();
            return false;
        }

        VideoFailure.ThrowIfFailed(reason, error);
        return true;
    }

    private void RefreshInfo()
    {
        VideoLibrary.GetInfo(_handle, out _info);
        _frameSeconds = new double[_info.FrameCount];
        VideoLibrary.GetTimes(_handle, _frameSeconds);
    }
}
