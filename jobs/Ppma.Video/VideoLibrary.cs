using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ppma.Video.Decoding;
using Ppma.Video.Transcoding;

namespace Ppma.Video;

/// <summary>The C library in native/: signatures as in ppma_video.h, nothing more.</summary>
internal static unsafe partial class VideoLibrary
{
    public const int Ok = 0;
    public const int InvalidArgument = 8;
    public const int Revised = 9;
    public const int EncoderFailed = 10;

    private const string Name = "ppma_video";

    /// <summary>Largest single allocation inside FFmpeg: tables of hostile files ask for tens of gigabytes.</summary>
    private const nuint MaxAllocationBytes = 512 << 20;

    private static readonly Exception? LoadFailure = Load();

    /// <exception cref="PlatformNotSupportedException">The library or FFmpeg's libraries are not there.</exception>
    public static void ThrowIfMissing()
    {
        if (LoadFailure is not null)
        {
            throw new PlatformNotSupportedException(
                $"libppma_video.so could not be loaded: {LoadFailure.Message} It needs FFmpeg's libraries of the version it was "
                + "built with; on Debian and Ubuntu: apt-get install libavformat-dev libavcodec-dev libswscale-dev.",
                LoadFailure);
        }
    }

    [LibraryImport(Name, EntryPoint = "ppma_decoder_open")]
    public static partial int OpenDecoder(byte* data, long size, long maxPixels, out VideoDecoderHandle decoder, out NativeError error);

    [LibraryImport(Name, EntryPoint = "ppma_decoder_info")]
    public static partial void GetInfo(VideoDecoderHandle decoder, out NativeVideoInfo info);

    [LibraryImport(Name, EntryPoint = "ppma_decoder_times")]
    public static partial void GetTimes(VideoDecoderHandle decoder, Span<double> seconds);

    [LibraryImport(Name, EntryPoint = "ppma_decoder_read")]
    public static partial int Read(
        VideoDecoderHandle decoder, ReadOnlySpan<int> frames, int count, int width, int height, Span<byte> rgb, out NativeError error);

    [LibraryImport(Name, EntryPoint = "ppma_decoder_work")]
    public static partial void GetWork(VideoDecoderHandle decoder, out long packetsSent, out long framesDecoded);

    [LibraryImport(Name, EntryPoint = "ppma_decoder_close")]
    public static partial void CloseDecoder(nint decoder);

    [LibraryImport(Name, EntryPoint = "ppma_encode_h264")]
    public static partial int EncodeH264(
        in NativeEncoderSettings settings, ReadOnlySpan<byte> rgb, int count, out nint data, out long size, out NativeError error);

    [LibraryImport(Name, EntryPoint = "ppma_video_free")]
    public static partial void Free(nint data);

    [LibraryImport(Name, EntryPoint = "ppma_transcoder_open")]
    public static partial int OpenTranscoder(
        byte* data, long size, in NativeTranscodeSettings settings, out VideoTranscoderHandle transcoder, out NativeError error);

    [LibraryImport(Name, EntryPoint = "ppma_transcoder_step")]
    public static partial int StepTranscoder(VideoTranscoderHandle transcoder, int packets, out int packetsLeft, out NativeError error);

    [LibraryImport(Name, EntryPoint = "ppma_transcoder_finish")]
    public static partial int FinishTranscoder(
        VideoTranscoderHandle transcoder, out nint data, out long size, out NativeTranscodeFacts facts, out NativeError error);

    [LibraryImport(Name, EntryPoint = "ppma_transcoder_close")]
    public static partial void CloseTranscoder(nint transcoder);

    [LibraryImport(Name, EntryPoint = "ppma_sequence_open")]
    public static partial int OpenSequence(
        in NativeTranscodeSettings settings, int frameRate, int frameRateDivisor, out FrameSequenceHandle sequence, out NativeError error);

    [LibraryImport(Name, EntryPoint = "ppma_sequence_add")]
    public static partial int AddToSequence(FrameSequenceHandle sequence, ReadOnlySpan<byte> data, long size, out NativeError error);

    [LibraryImport(Name, EntryPoint = "ppma_sequence_finish")]
    public static partial int FinishSequence(
        FrameSequenceHandle sequence, out nint data, out long size, out NativeTranscodeFacts facts, out NativeError error);

    [LibraryImport(Name, EntryPoint = "ppma_sequence_close")]
    public static partial void CloseSequence(nint sequence);

    [LibraryImport(Name, EntryPoint = "ppma_ffmpeg_version")]
    public static partial nint FfmpegVersion();

    [LibraryImport(Name, EntryPoint = "ppma_video_initialize")]
    private static partial void Initialize(nuint maxAllocationBytes);

    private static string ReadText(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return System.Text.Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    private static Exception? Load()
    {
        try
        {
            Initialize(MaxAllocationBytes);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return e;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct NativeVideoInfo
    {
        public int Width;
        public int Height;
        public int FrameCount;
        public double DurationSeconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct NativeEncoderSettings
    {
        public int Width;
        public int Height;
        public int FrameRateNumerator;
        public int FrameRateDenominator;
        public int KeyFrameInterval;
        public int Quality;
        public byte* Preset;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct NativeTranscodeSettings
    {
        public int ShortSide;
        public int Quality;
        public byte* Preset;
        public long MaxPixels;
        public int AcceptsLostFrames;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct NativeTranscodeFacts
    {
        public int Width;
        public int Height;
        public int FrameCount;
        public double DurationSeconds;
        public NativeName Codec;
        public NativeName PixelFormat;
        public NativeName Matrix;
        public int MatrixIsTagged;
        public int IsFullRange;
        public int SourceWidth;
        public int SourceHeight;
        public int SourceFrameCount;
        public int RotationDegrees;
        public double FirstSeconds;
    }

    [InlineArray(32)]
    public struct NativeName
    {
        private byte _first;

        public override readonly string ToString() => ReadText(this);
    }

    [InlineArray(256)]
    public struct NativeError
    {
        private byte _first;

        public override readonly string ToString() => ReadText(this);
    }
}
