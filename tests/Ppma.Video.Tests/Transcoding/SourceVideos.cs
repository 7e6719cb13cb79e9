using System.Collections.Concurrent;

namespace Ppma.Video.Tests.Transcoding;

/// <summary>Sources of many kinds, each made by the ffmpeg program once.</summary>
internal static class SourceVideos
{
    private const string Pattern = "-f lavfi -i testsrc2=size=128x96:rate=25:duration=3";
    private const string Gaps = "-vf select='not(between(n\\,9\\,30))*not(eq(n\\,5))' -vsync vfr";

    private static readonly Dictionary<string, string> Recipes = new(StringComparer.Ordinal)
    {
        ["h264-bframes.mp4"] = $"{Pattern} -c:v libx264 -bf 3",
        ["h264-long-gop.mp4"] = $"{Pattern} -c:v libx264 -g 1000 -keyint_min 1000",
        ["h264-ntsc.mkv"] = "-f lavfi -i testsrc2=size=128x96:rate=30000/1001:duration=3 -c:v libx264",
        ["h264-variable.mp4"] = $"{Pattern} {Gaps} -c:v libx264 -bf 2",
        ["h264-variable.mkv"] = $"{Pattern} {Gaps} -c:v libx264",
        ["h264-negative-dts.mp4"] = $"{Pattern} -c:v libx264 -bf 3 -movflags negative_cts_offsets -use_editlist 0",
        ["h264-starts-later.mkv"] = $"{Pattern} -c:v libx264 -output_ts_offset 7.3",
        ["h264-slow.mp4"] = "-f lavfi -i testsrc2=size=128x96:rate=1/2:duration=10 -c:v libx264",
        ["h264.ts"] = $"{Pattern} -c:v libx264 -bf 2",
        ["h264.flv"] = $"{Pattern} -c:v libx264 -bf 2",
        ["h264-no-times.h264"] = $"{Pattern} -c:v libx264 -bf 2",
        ["hevc.mp4"] = $"{Pattern} -c:v libx265 -x265-params log-level=none",
        ["mpeg4.avi"] = $"{Pattern} -c:v mpeg4 -bf 2",
        ["mpeg4-gaps.avi"] = $"{Pattern} {Gaps} -c:v mpeg4",
        ["mpeg2.mpg"] = $"{Pattern} -c:v mpeg2video -bf 2",
        ["mjpeg.avi"] = $"{Pattern} -c:v mjpeg",
        ["vp8-hidden-frames.webm"] = $"{Pattern} -c:v libvpx -auto-alt-ref 1 -lag-in-frames 16 -b:v 200k",
        ["vp9.webm"] = $"{Pattern} -c:v libvpx-vp9 -deadline realtime -b:v 200k",
        ["vp9-variable.webm"] = $"{Pattern} {Gaps} -c:v libvpx-vp9 -deadline realtime -b:v 200k",
    };

    private static readonly ConcurrentDictionary<string, Lazy<byte[]>> Made = new(StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. Recipes.Keys];

    public static byte[] Make(string name)
    {
        FfmpegProgram.Require();
        return Made.GetOrAdd(name, key => new Lazy<byte[]>(() => FfmpegProgram.Make(key, Recipes[key]))).Value;
    }
}
