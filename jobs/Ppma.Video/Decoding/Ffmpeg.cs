using System.Runtime.InteropServices;

namespace Ppma.Video.Decoding;

/// <summary>The FFmpeg that decodes: its version is part of what decides a pixel.</summary>
public static class Ffmpeg
{
    /// <summary>As FFmpeg calls itself, for example <c>5.1.8-0+deb12u1</c>.</summary>
    /// <exception cref="PlatformNotSupportedException">FFmpeg's libraries are not there.</exception>
    public static string Version
    {
        get
        {
            VideoLibrary.ThrowIfMissing();
            return Marshal.PtrToStringUTF8(VideoLibrary.FfmpegVersion()) ?? "unknown";
        }
    }
}
