using System.Formats.Tar;
using System.Text.RegularExpressions;
using Ppma.Testing;

namespace Ppma.Cli.Tests.Datasets;

/// <summary>What docs/how-to/pack-your-videos.md shows: rendered clips as videos in folders, packed to files and to blob storage.</summary>
public sealed partial class PackedVideosTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new("packed-videos");
    private AzuriteServer? _server;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await AzuriteServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Pack_SynthesisedVideos_GivesFilesAndABlobContainerOfOneDigest()
    {
        await DoneAsync("synth", "--out", Path("data"), "--context", "16", "--synthetic", "16", "--actions-train", "32", "--actions-test", "8");
        await UnpackAsync();
        await _server!.CreateContainerAsync("clips", Cancellation);
        await File.WriteAllTextAsync(Path("connection"), _server.ConnectionString, Cancellation);
        string uri = $"{_server.ContainerUri("clips")}/sets/actions";
        string[] pack =
        [
            "pack", Path("videos"), "--list", $"{Path("train.txt")}:train", "--list", $"{Path("test.txt")}:test",
            "--humans", "Synthetic", "--licence", "CC0-1.0", "--name", "actions", "--shard-bytes", "50KB",
        ];

        string files = await DoneAsync([.. pack, "--out", Path("packed")]);
        string blobs = await DoneAsync([.. pack, "--out", uri, "--credentials", Path("connection"), "--work", Path("work")]);

        Assert.Contains($"in {uri}", blobs, StringComparison.Ordinal);
        Assert.Equal(Digest().Match(files).Value, Digest().Match(blobs).Value);
        Assert.Contains("already there, unchanged", await DoneAsync([.. pack, "--out", uri, "--credentials", Path("connection"), "--work", Path("work")]), StringComparison.Ordinal);
        Assert.Contains("every byte read", await DoneAsync("verify", uri, "--credentials", Path("connection"), "--read-shards"), StringComparison.Ordinal);
        Assert.Equal(
            (await SamplesAsync(Path("data/actions"))).Select(sample => (sample.Split, sample.Class)).Order(),
            (await SamplesAsync(Path("packed"))).Select(sample => (sample.Split, sample.Class)).Order());
    }

    /// <summary>The videos of the shards as <c>videos/SPLIT/KEY.mp4</c>, and a split file for each split.</summary>
    private async Task UnpackAsync()
    {
        foreach (string shard in Directory.EnumerateFiles(Path("data/actions"), "*.tar"))
        {
            using var tar = new TarReader(File.OpenRead(shard));
            while (await tar.GetNextEntryAsync(cancellationToken: Cancellation) is { } entry)
            {
                string path = Path($"videos/{System.IO.Path.GetFileName(shard).Split('-')[0]}/{entry.Name}");
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
                await entry.ExtractToFileAsync(path, overwrite: false, Cancellation);
            }
        }

        foreach (var split in (await SamplesAsync(Path("data/actions"))).GroupBy(sample => sample.Split))
        {
            await File.WriteAllLinesAsync(Path($"{split.Key}.txt"), split.Select(sample => $"{sample.Split}/{sample.Key}.mp4;{sample.Class}"), Cancellation);
        }
    }

    private static async Task<List<(string Split, string Key, string Class)>> SamplesAsync(string folder) =>
        [.. (await DoneAsync("ls", "--samples", folder)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).Select(row => (row[0], row[1], row[2]))];

    private string Path(string name) => System.IO.Path.Combine(_folder.Path, name);

    private static async Task<string> DoneAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = await PpmaCommand.RunAsync(["dataset", .. args], output, error, Cancellation);
        Assert.True(code == 0, error.ToString() + output);
        return output.ToString();
    }

    [GeneratedRegex("digest    [0-9a-f]{64}")]
    private static partial Regex Digest();
}
