using System.Globalization;
using Ppma.Datasets.Randomness;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;
using Ppma.Video.Loading;
using Ppma.Video.Sampling;

namespace Ppma.Benchmarks.Streaming;

/// <summary>Clips a second from local shards to finished batches, with one decoding thread, with two, and by the ffmpeg program.</summary>
internal static class ClipsBenchmark
{
    private const int BatchesARound = 8;
    private const int CommandsARound = 24;

    public static async Task RunAsync(BenchmarkData data)
    {
        string folder = Path.Combine(data.Scratch, "clips");
        string videoFolder = Directory.CreateDirectory(Path.Combine(data.Scratch, "videos")).FullName;
        List<BenchmarkVideo> videos = [.. BenchmarkVideo.MakeAll(videoFolder).Where(video => video.Name.EndsWith("every 12", StringComparison.Ordinal))];
        BenchmarkClips.Write(folder, videos, copies: 64);
        Dataset dataset = await BenchmarkClips.OpenAsync(BlobStore.Open(folder));

        foreach ((string path, ClipCut cut) in new[] { ("fast path", BenchmarkClips.FastPath), ("reference path", BenchmarkClips.ReferencePath) })
        {
            Comparison threads = await Comparison.OfAsync(
                round => Task.FromResult(ClipsASecond(dataset, cut, threads: 2, round)), round => Task.FromResult(ClipsASecond(dataset, cut, threads: 1, round)));
            threads.Print($"clips decoded, cut and batched, {path}: two threads beside one", "clips/s", "≥ 1.8");
        }

        Comparison command = await Comparison.OfAsync(
            round => Task.FromResult(ClipsASecond(dataset, BenchmarkClips.FastPath, threads: 1, round)), round => Task.FromResult(CommandClipsASecond(videos, round)));
        command.Print("the fast path, one thread, beside a command ffmpeg -threads 1 a clip", "clips/s", "");
    }

    private static double ClipsASecond(Dataset dataset, ClipCut cut, int threads, int round)
    {
        var views = new TrainingViews([dataset], BenchmarkClips.Plan, cut, new LoadingOptions { Threads = threads });
        using IEnumerator<ViewBatch> batches = views.ReadFrom(round * 100, CancellationToken.None).GetEnumerator();

        // The pipeline is full when the first batches are there; what it made ahead is not counted at the end either.
        Take(batches, 4);
        long start = TimeProvider.System.GetTimestamp();
        Take(batches, BatchesARound);
        return BatchesARound * BenchmarkClips.Plan.ClipsPerBatch / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    private static void Take(IEnumerator<ViewBatch> batches, int count)
    {
        for (int batch = 0; batch < count && batches.MoveNext(); batch++)
        {
            batches.Current.Dispose();
        }
    }

    private static double CommandClipsASecond(List<BenchmarkVideo> videos, int round)
    {
        var random = new PhiloxStream(seed: 0, RandomPurpose.ClipStart, epoch: round);
        long start = TimeProvider.System.GetTimestamp();
        for (int clip = 0; clip < CommandsARound; clip++)
        {
            double from = TemporalSampling.TrainingStart(BenchmarkVideo.LengthSeconds, BenchmarkClips.ClipSeconds, random.NextDouble());
            string seconds = from.ToString("f3", CultureInfo.InvariantCulture);
            string filter = $"fps={BenchmarkClips.Frames}/{BenchmarkClips.ClipSeconds},scale=-2:{BenchmarkClips.ShortSide},crop=224:224";
            Processes.Run(
                "ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-y", "-threads", "1", "-ss", seconds, "-t", $"{BenchmarkClips.ClipSeconds}",
                "-i", videos[clip % videos.Count].Path, "-vf", filter, "-pix_fmt", "rgb24", "-f", "rawvideo", "/dev/null");
        }

        return CommandsARound / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }
}
