using System.Globalization;
using System.Text.RegularExpressions;

namespace Ppma.Benchmarks;

/// <summary>A video that the ffmpeg program makes and decodes, for comparison.</summary>
/// <param name="Name">What is in it and how it is encoded.</param>
/// <param name="Path">Where it lies.</param>
internal sealed partial record BenchmarkVideo(string Name, string Path)
{
    public const int LengthSeconds = 10;
    public const int FramesASecond = 25;
    public const int Frames = LengthSeconds * FramesASecond;

    private const int Passes = 3;
    private const string Size = "340x256";

    private static readonly (string Name, string Filter)[] Contents =
    [
        ("pattern", "null"),
        ("noisy", "noise=alls=12:allf=t"),
    ];

    private static readonly (string Name, string Extension, string Arguments)[] Encodings =
    [
        ("h264, key frames every 12", "mp4", "-c:v libx264 -g 12"),
        ("h264, key frames every 250", "mp4", "-c:v libx264 -g 250"),
        ("h264, every 250, no B-frames", "mp4", "-c:v libx264 -g 250 -bf 0"),
        ("mpeg4", "avi", "-c:v mpeg4 -q:v 4"),
    ];

    public static List<BenchmarkVideo> MakeAll(string folder)
    {
        var videos = new List<BenchmarkVideo>();
        foreach (var (content, filter) in Contents)
        {
            foreach (var (encoding, extension, arguments) in Encodings)
            {
                string path = System.IO.Path.Combine(folder, $"{videos.Count}.{extension}");
                string source = $"-f lavfi -i testsrc2=size={Size}:rate={FramesASecond}:duration={LengthSeconds} -vf {filter},format=yuv420p";
                RunFfmpeg($"-y {source} {arguments} {path}");
                videos.Add(new BenchmarkVideo($"{content}, {encoding}", path));
            }
        }

        return videos;
    }

    /// <summary>Processor seconds of the whole command <c>ffmpeg -threads 1 -i FILE -f null -</c>, which decodes every frame and throws it away.</summary>
    public double CpuSecondsOfCommand()
    {
        double before = Processes.CpuSecondsOfChildren();
        RunFfmpeg($"-threads 1 -i {Path} -f null -");
        return Processes.CpuSecondsOfChildren() - before;
    }

    /// <summary>
    /// The part of it that is decoding, without the program's start and end, by ffmpeg's own count: the mean of several passes over the
    /// file, because that count has a coarse clock.
    /// </summary>
    public double CpuSecondsOfDecoding()
    {
        string report = RunFfmpeg($"-benchmark -stream_loop {Passes - 1} -threads 1 -i {Path} -f null -");
        Match times = FfmpegTimes().Match(report);
        return times.Success
            ? (Seconds(times.Groups[1]) + Seconds(times.Groups[2])) / Passes
            : throw new InvalidOperationException($"ffmpeg -benchmark printed no times: {report}");
    }

    private static double Seconds(Group text) => double.Parse(text.Value, CultureInfo.InvariantCulture);

    private static string RunFfmpeg(string arguments) =>
        Processes.Run("ffmpeg", ["-nostdin", "-hide_banner", "-nostats", .. arguments.Split(' ')]);

    [GeneratedRegex(@"bench: utime=([\d.]+)s stime=([\d.]+)s")]
    private static partial Regex FfmpegTimes();
}
