using System.ComponentModel;
using System.Globalization;
using Ppma.Datasets.Randomness;
using Ppma.Video.Augmentation;
using Ppma.Video.Decoding;
using Ppma.Video.Encoding;
using Ppma.Video.Sampling;
using static TorchSharp.torch;

namespace Ppma.Benchmarks;

/// <summary>
/// Clips per second and core, from a file in memory to RGB frames, beside what the ffmpeg program needs to decode the same
/// files on one thread. Both are measured in processor seconds, in turns, so that other load on the machine matters little.
/// </summary>
internal static class DecodeBenchmark
{
    private const double ClipSeconds = 2.7;
    private const int ClipFrames = 16;
    private const int Rounds = 5;
    private const int ClipsARound = 30;
    private const int FastShortSide = 224;
    private const int LeakClips = 10_000;

    public static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        set_num_threads(1);
        string folder = Directory.CreateTempSubdirectory("ppma-decode-").FullName;
        try
        {
            var videos = BenchmarkVideo.MakeAll(folder);
            PrintRates(videos);
            PrintFastPathDifference(videos);
            PrintSmallClips();
            return 0;
        }
        catch (Win32Exception)
        {
            Console.Error.WriteLine("This benchmark compares with the ffmpeg program, which is not there. On Debian and Ubuntu: apt-get install ffmpeg");
            return 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void PrintRates(List<BenchmarkVideo> videos)
    {
        Console.WriteLine($"{ClipFrames} frames from {ClipSeconds} s at random places of {BenchmarkVideo.LengthSeconds} s files (340x256, {BenchmarkVideo.FramesASecond} frames a second), at full size to RGB;");
        Console.WriteLine($"medians of {Rounds} rounds. 'needed' counts the frames from the key frame before the clip to the clip's last frame.");
        Console.WriteLine("'command' is what 'ffmpeg -threads 1 -i FILE -f null -' decodes in its time, 'decoding' leaves the program's start and end out.");
        Console.WriteLine();
        Console.WriteLine($"{"file",-38}{"clips/s",9}{"needed/s",10}{"command/s",11}{"ratio",7}{"decoding/s",12}{"ratio",7}");
        foreach (var video in videos)
        {
            byte[] file = File.ReadAllBytes(video.Path);
            var rounds = Enumerable.Range(0, Rounds + 1).Select(round => Measure(video, file, round)).Skip(1).ToList();
            double clips = Median(rounds.Select(round => round.ClipsASecond));
            double needed = Median(rounds.Select(round => round.NeededASecond));
            double command = Median(rounds.Select(round => round.CommandASecond));
            double decoding = Median(rounds.Select(round => round.DecodingASecond));
            Console.WriteLine($"{video.Name,-38}{clips,9:f1}{needed,10:f0}{command,11:f0}{needed / command,7:f2}{decoding,12:f0}{needed / decoding,7:f2}");
        }

        Console.WriteLine();
    }

    private static Round Measure(BenchmarkVideo video, byte[] file, int round)
    {
        double command = video.CpuSecondsOfCommand();
        double decoding = video.CpuSecondsOfDecoding();
        var random = new PhiloxStream(seed: 0, RandomPurpose.ClipStart, epoch: round);
        long needed = 0;
        double start = Processes.CpuSecondsOfThisProcess();
        for (int i = 0; i < ClipsARound; i++)
        {
            using var decoder = VideoDecoder.Open(file);
            double clipStart = TemporalSampling.TrainingStart(decoder.DurationSeconds, ClipSeconds, random.NextDouble());
            using var clip = decoder.ReadWindow(clipStart, ClipSeconds, ClipFrames);
            needed += decoder.PacketsSent;
        }

        double ours = Processes.CpuSecondsOfThisProcess() - start;
        return new Round(ClipsARound / ours, needed / ours, BenchmarkVideo.Frames / command, BenchmarkVideo.Frames / decoding);
    }

    private static void PrintFastPathDifference(List<BenchmarkVideo> videos)
    {
        Console.WriteLine($"fast path (swscale, 8 bits) against reference path (full size, then float bilinear), short side {FastShortSide}, in steps of 1/255:");
        foreach (var video in videos)
        {
            using var scope = NewDisposeScope();
            using var decoder = VideoDecoder.Open(File.ReadAllBytes(video.Path));
            using var full = decoder.ReadWindow(0, ClipSeconds, ClipFrames);
            using var scaled = decoder.ReadWindow(0, ClipSeconds, ClipFrames, FastShortSide);
            var reference = FrameTransforms.ScaleShortSide(FrameTransforms.ToColours(full.Pixels), FastShortSide);
            var difference = (FrameTransforms.ToColours(scaled.Pixels) - reference).abs().Times(255);
            Console.WriteLine($"{video.Name,-38}mean {difference.mean().item<float>():f2}, largest {difference.max().item<float>():f0}");
        }

        Console.WriteLine();
    }

    /// <summary>Clips of the size that the quickstart uses: encoding time, and memory over many opens, reads and closes.</summary>
    private static void PrintSmallClips()
    {
        var settings = new EncoderSettings { Width = 64, Height = 64, FrameRate = 12 };
        byte[] frames = SmallClip();
        byte[] file = VideoEncoder.Encode(frames, settings);
        double start = Processes.CpuSecondsOfThisProcess();
        const int encoded = 200;
        for (int i = 0; i < encoded; i++)
        {
            file = VideoEncoder.Encode(frames, settings);
        }

        Console.WriteLine($"encoding 12 frames of 64x64: {1000 * (Processes.CpuSecondsOfThisProcess() - start) / encoded:f2} ms a clip, {file.Length} bytes");

        var memory = new List<(double Clip, double Bytes)>();
        start = Processes.CpuSecondsOfThisProcess();
        for (int i = 1; i <= LeakClips; i++)
        {
            using var decoder = VideoDecoder.Open(file);
            using var clip = decoder.ReadWindow(0, 1, ClipFrames);
            if (i % 100 == 0)
            {
                // What the collector has not yet taken back is no leak.
                GC.Collect();
                memory.Add((i, Environment.WorkingSet));
            }
        }

        double rate = LeakClips / (Processes.CpuSecondsOfThisProcess() - start);
        Console.WriteLine($"decoding {LeakClips} of them: {rate:f0} clips a second and core; resident memory grows by {Slope(memory[(memory.Count / 2)..]):f1} bytes a clip over the second half");
    }

    private static byte[] SmallClip()
    {
        const int side = 64, count = 12;
        byte[] rgb = new byte[count * side * side * 3];
        for (int i = 0; i < rgb.Length; i++)
        {
            int x = i / 3 % side, frame = i / 3 / side / side;
            rgb[i] = (byte)((x + (3 * frame)) * (2 + (i % 3)) % 256);
        }

        return rgb;
    }

    private static double Slope(List<(double Clip, double Bytes)> points)
    {
        double meanClip = points.Average(point => point.Clip), meanBytes = points.Average(point => point.Bytes);
        return points.Sum(point => (point.Clip - meanClip) * (point.Bytes - meanBytes)) / points.Sum(point => Math.Pow(point.Clip - meanClip, 2));
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private sealed record Round(double ClipsASecond, double NeededASecond, double CommandASecond, double DecodingASecond);
}
