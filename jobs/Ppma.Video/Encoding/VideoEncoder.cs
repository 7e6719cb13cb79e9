namespace Ppma.Video.Encoding;

/// <summary>
/// Encodes clips as H.264 in MP4, in memory, on the calling thread: yuv420p, no B-frames, no edit list, index in front.
/// One build of FFmpeg and x264 gives the same bytes for the same frames, always.
/// </summary>
public static class VideoEncoder
{
    /// <summary>Encodes frames given as RGB, uint8, (frames, height, width, 3), without gaps.</summary>
    /// <param name="rgb">The frames.</param>
    /// <param name="settings">Size, rate and quality.</param>
    /// <returns>The file's bytes.</returns>
    /// <exception cref="ArgumentException">The size is odd, the bytes are no whole number of frames, or a setting is out of range.</exception>
    /// <exception cref="InvalidOperationException">FFmpeg failed; the message says why, for example that it was built without libx264.</exception>
    public static byte[] Encode(ReadOnlySpan<byte> rgb, EncoderSettings settings)
    {
        ThrowIfOutOfRange(settings);
        long frameBytes = (long)settings.Width * settings.Height * 3;
        if (rgb.IsEmpty || rgb.Length % frameBytes != 0)
        {
            throw new ArgumentException($"{rgb.Length} bytes are no whole number of {settings.Width}x{settings.Height} RGB frames.", nameof(rgb));
        }

        VideoLibrary.ThrowIfMissing();
        int reason = EncodeNative(rgb, (int)(rgb.Length / frameBytes), settings, out nint data, out long size, out VideoLibrary.NativeError error);
        if (reason != VideoLibrary.Ok)
        {
            throw new InvalidOperationException($"Encoding {settings.Width}x{settings.Height} with preset {settings.Preset} failed: {error}.");
        }

        return EncodedFile.Take(data, size);
    }

    private static void ThrowIfOutOfRange(EncoderSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(settings.Width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(settings.Height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(settings.FrameRate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(settings.FrameRateDivisor);
        ArgumentOutOfRangeException.ThrowIfNegative(settings.Quality);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.Quality, 51);
        if (settings.Width % 2 != 0 || settings.Height % 2 != 0)
        {
            throw new ArgumentException($"{settings.Width}x{settings.Height}: width and height must be even, because colour is stored at half the size.");
        }

        int framesASecond = Math.Max(1, settings.FrameRate / settings.FrameRateDivisor);
        if (settings.KeyFrameInterval < 1 || settings.KeyFrameInterval > framesASecond)
        {
            throw new ArgumentException(
                $"{nameof(EncoderSettings.KeyFrameInterval)} {settings.KeyFrameInterval} must be 1 to {framesASecond}: at least one key frame a second.");
        }
    }

    private static unsafe int EncodeNative(
        ReadOnlySpan<byte> rgb, int count, EncoderSettings settings, out nint data, out long size, out VideoLibrary.NativeError error)
    {
        fixed (byte* preset = System.Text.Encoding.UTF8.GetBytes(settings.Preset + '\0'))
        {
            var native = new VideoLibrary.NativeEncoderSettings
            {
                Width = settings.Width,
                Height = settings.Height,
                FrameRateNumerator = settings.FrameRate,
                FrameRateDenominator = settings.FrameRateDivisor,
                KeyFrameInterval = settings.KeyFrameInterval,
                Quality = settings.Quality,
                Preset = preset,
            };
            return VideoLibrary.EncodeH264(native, rgb, count, out data, out size, out error);
        }
    }
}
