using System.Diagnostics;

namespace Ppma.Video.Tests.Transcoding;

/// <summary>The ffmpeg and ffprobe programs: they make sources of every kind, and judge results by other means than ours.</summary>
internal static class FfmpegProgram
{
    private static readonly bool IsThere = OnPath("ffmpeg") && OnPath("ffprobe");

    /// <summary>Skips the test where the programs are not there.</summary>
    public static void Require() =>
        Assert.SkipUnless(IsThere, "The ffmpeg and ffprobe programs are not there. On Debian and Ubuntu: apt-get install ffmpeg");

    /// <summary>Makes a file with <c>ffmpeg ARGUMENTS name</c> and gives its bytes.</summary>
    public static byte[] Make(string name, string arguments)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File(name);
        Run("ffmpeg", $"-nostdin -v error {arguments} -y {path}");
        return File.ReadAllBytes(path);
    }

    /// <summary>Makes several files with <c>ffmpeg ARGUMENTS pattern</c>, numbered from 1 where the pattern has %d.</summary>
    public static byte[][] MakeAll(string pattern, string arguments)
    {
        using var folder = new TemporaryFolder();
        Run("ffmpeg", $"-nostdin -v error {arguments} -y {folder.File(pattern)}");
        int count = Directory.GetFiles(folder.Path).Length;
        return [.. Enumerable.Range(1, count).Select(i => File.ReadAllBytes(folder.File(pattern.Replace("%d", $"{i}", StringComparison.Ordinal))))];
    }

    /// <summary>Runs <c>ffmpeg ARGUMENTS</c> with each {0}, {1}, … a file of these bytes, and {out} the file to give.</summary>
    public static byte[] Convert(string outputName, string arguments, params ReadOnlySpan<byte[]> inputs)
    {
        using var folder = new TemporaryFolder();
        for (int i = 0; i < inputs.Length; i++)
        {
            string path = folder.File($"input{i}");
            File.WriteAllBytes(path, inputs[i]);
            arguments = arguments.Replace($"{{{i}}}", path, StringComparison.Ordinal);
        }

        string output = folder.File(outputName);
        Run("ffmpeg", $"-nostdin -v error {arguments.Replace("{out}", output, StringComparison.Ordinal)}");
        return File.ReadAllBytes(output);
    }

    /// <summary>What <c>ffprobe -show_entries ENTRIES</c> says of the first video stream, one line an entry.</summary>
    public static string[] Probe(byte[] file, string entries)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("input");
        File.WriteAllBytes(path, file);
        return Run("ffprobe", $"-v error -select_streams v:0 -show_entries {entries} -of csv=p=0 {path}")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>
    /// Exact presentation times of the decoded frames: ticks relative to the first frame, and seconds a tick as a fraction. A frame
    /// without a time comes one frame's length after the one before.
    /// </summary>
    public static (long[] Ticks, long Numerator, long Denominator) Times(byte[] file)
    {
        long[] stream = [.. Probe(file, "stream=r_frame_rate,time_base")[0].Split('/', ',').Take(4).Select(n => long.Parse(n, null))];
        long frameTicks = stream[3] * stream[1] / (stream[2] * stream[0]);
        List<long> ticks = [];
        foreach (string time in Probe(file, "frame=best_effort_timestamp").Select(line => line.Split(',')[0]))
        {
            ticks.Add(time == "N/A" ? ticks.LastOrDefault(-frameTicks) + frameTicks : long.Parse(time, null));
        }

        return ([.. ticks.Select(tick => tick - ticks[0])], stream[2], stream[3]);
    }

    private static string Run(string program, string arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {arguments} ended with {process.ExitCode}: {errors.Result}");
        return output;
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
