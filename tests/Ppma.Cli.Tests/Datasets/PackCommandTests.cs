using System.Diagnostics;
using Ppma.Video.Encoding;

namespace Ppma.Cli.Tests.Datasets;

public sealed class PackCommandTests : IDisposable
{
    private const int Videos = 60;

    private readonly string _folder = Directory.CreateTempSubdirectory("ppma-pack-command-").FullName;
    private readonly string _videos;

    public PackCommandTests()
    {
        _videos = File("videos");
        for (int i = 0; i < Videos; i++)
        {
            string path = File($"videos/{(i % 5 == 0 ? "test" : "train")}/{(i % 2 == 0 ? "wave" : "clap")}/v {i}.mp4");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            System.IO.File.WriteAllBytes(path, Video(i));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Pack_Folder_IsADataSet()
    {
        (int code, string output, _) = await PackAsync("--out", File("set"), "--name", "actions");

        Assert.Equal(0, code);
        Assert.Matches(@"^actions: 60 samples in 2 shards, [\d.]+ MB in .*/set \(packed\)\ndigest    [0-9a-f]{64}\n$", output);
        Assert.Equal(0, (await RunAsync("verify", File("set"), "--read-shards")).Code);
        (_, string listed, _) = await RunAsync("ls", File("set"));
        Assert.Contains("classes   2: clap, wave", listed, StringComparison.Ordinal);
        Assert.Contains("split     train: 48 samples", listed, StringComparison.Ordinal);
        (_, string again, _) = await PackAsync("--out", File("set"), "--name", "actions");
        Assert.Equal(output.Replace("(packed)", "(already there, unchanged)", StringComparison.Ordinal), again);
    }

    [Fact]
    public async Task Pack_PublishedSplitFiles_GiveSplitsAndLabels()
    {
        System.IO.File.WriteAllText(File("a.txt"), "train/wave/v 2;1\ntest/wave/v 0.avi;1");
        System.IO.File.WriteAllText(File("b.txt"), "train/clap/v 1.mp4;0");
        System.IO.File.WriteAllText(File("classes.txt"), "clap\nwave\nrun\n");

        (int code, _, string error) = await PackAsync(
            "--list", $"{File("a.txt")}:train", "--list", File("b.txt"), "--split", "val", "--classes", File("classes.txt"), "--out", File("set"), "--copy");

        Assert.Equal((0, ""), (code, error));
        (_, string listed, _) = await RunAsync("ls", File("set"), "--samples");
        Assert.Equal(["train wave", "train wave", "val clap"], listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"{line.Split('\t')[0]} {line.Split('\t')[2]}"));
    }

    [Fact]
    public async Task Pack_WrongLists_ListsEveryProblemAndWritesNothing()
    {
        System.IO.File.WriteAllText(File("a.txt"), "train/wave/v 2.mp4;wave\nnone.mp4;wave\ntrain/wave/v 2.mp4;wave\n");

        (int code, _, string error) = await PackAsync("--list", $"{File("a.txt")}:train", "--out", File("set"));

        Assert.Equal(1, code);
        Assert.Equal(
            $"ppma: the sources have 2 problems; nothing was written\n  {File("a.txt")}:2: there is no video and no folder of frames 'none.mp4' in {_videos}\n" +
            $"  {File("a.txt")}:3: 'train/wave/v 2.mp4' is in {File("a.txt")}:1 already\n",
            error);
        Assert.False(Directory.Exists(File("set")));
    }

    [Fact]
    public async Task Pack_DamagedVideo_IsNamedOrListed()
    {
        System.IO.File.WriteAllText(File("videos/train/wave/v 2.mp4"), "no video");

        (int code, _, string error) = await PackAsync("--out", File("set"));
        Assert.Equal(1, code);
        Assert.StartsWith($"ppma: {File("videos/train/wave/v 2.mp4")}: The video is not usable", error, StringComparison.Ordinal);

        (code, string output, _) = await PackAsync("--out", File("set"), "--accept-damaged", "2%");
        Assert.Equal(0, code);
        Assert.Contains($"damaged   1 left out, listed in {File("set.damaged.jsonl")}", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--short-side 255", "it must be even")]
    [InlineData("--quality 52", "--quality is 52; it must be from 0 to 51.")]
    [InlineData("--accept-damaged many", "write a number (12) or a share (0.01 or 1%)")]
    [InlineData("--shard-bytes big", "--shard-bytes is 'big'")]
    [InlineData("--split Train", "The split 'Train' has to be")]
    [InlineData("--list a.txt", "which split is it? Write --list a.txt:train")]
    [InlineData("--threads 0", "--threads is 0")]
    public async Task Pack_BadOption_SaysWhatIsTaken(string options, string expected)
    {
        (int code, _, string error) = await PackAsync(["--out", File("set"), .. options.Split(' ')]);

        Assert.Equal(1, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    /// <summary>The program itself, killed again and again at moments that differ: it goes on, and ends with the bytes of one run.</summary>
    [Fact]
    public async Task Pack_KilledAtAnyMoment_EndsWithTheBytesOfOneRun()
    {
        string[] options = ["dataset", "pack", _videos, "--humans", "Synthetic", "--licence", "CC0-1.0", "--shard-bytes", "30KB", "--threads", "2", "--copy"];
        using (Process whole = Start([.. options, "--out", File("whole")]))
        {
            await whole.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, whole.ExitCode);
        }

        int kills = 0;
        for (int shardsBefore = 0; ; kills++)
        {
            using Process packing = Start([.. options, "--out", File("killed")]);
            int patience = shardsBefore + 1 + (kills % 3);
            while (!packing.HasExited && Shards() < patience)
            {
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            await Task.Delay(kills * 3 % 7, TestContext.Current.CancellationToken);
            packing.Kill();
            await packing.WaitForExitAsync(TestContext.Current.CancellationToken);
            if (packing.ExitCode == 0)
            {
                break;
            }

            Assert.InRange(kills, 0, 100);
            shardsBefore = Math.Max(shardsBefore, Shards());
        }

        Assert.True(kills > 2, $"It was killed {kills} times.");
        string[] files = [.. Directory.EnumerateFileSystemEntries(File("whole")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        Assert.True(files.Length > 15);
        Assert.Equal(files, Directory.EnumerateFileSystemEntries(File("killed")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
        Assert.All(files, name => Assert.Equal(System.IO.File.ReadAllBytes(File($"whole/{name}")), System.IO.File.ReadAllBytes(File($"killed/{name}"))));

        int Shards() => !Directory.Exists(File("killed")) ? 0 : Directory.EnumerateFiles(File("killed"), "*.tar.idx", SearchOption.AllDirectories).Count();
    }

    private static byte[] Video(int number)
    {
        byte[] rgb = new byte[6 * 32 * 48 * 3];
        for (int i = 0; i < rgb.Length; i++)
        {
            rgb[i] = (byte)((i * (number + 3)) % 251);
        }

        return VideoEncoder.Encode(rgb, new EncoderSettings { Height = 32, Width = 48, FrameRate = 10, KeyFrameInterval = 6, Quality = 20 });
    }

    private static Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "ppma"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private string File(string name) => Path.Combine(_folder, name);

    private Task<(int Code, string Output, string Error)> PackAsync(params string[] options) =>
        RunAsync(["pack", _videos, "--humans", "Synthetic", "--licence", "CC0-1.0", .. options]);

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = await PpmaCommand.RunAsync(["dataset", .. args], output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
