using System.Formats.Tar;

namespace Ppma.Cli.Tests.Datasets;

public sealed class IndexCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ppma-cli-").FullName;

    public IndexCommandTests()
    {
        using var writer = new TarWriter(File.Create(InFolder("train-000000.tar")));
        Add(writer, "a.cls", "1");
        Add(writer, "a.mp4", "video");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Index_Tars_MakesADatasetAndSaysWhatTheDigestCovers()
    {
        File.WriteAllText(InFolder("classes.txt"), "wave\nclap\n\n");

        (int code, string output, string error) = await RunAsync("index", _folder, "--humans", "None", "--classes", InFolder("classes.txt"));

        Assert.Equal((0, "reading every byte: local files have no ETags that could vouch for them\n"), (code, error));
        Assert.Contains("split     train: 1 samples, 1 shards, ", output, StringComparison.Ordinal);
        Assert.Contains("covers every byte, by SHA-256", output, StringComparison.Ordinal);
        Assert.Equal("train\ta\tclap\t5\ttrain-000000.tar\n", (await RunAsync("ls", _folder, "--samples")).Output);
        Assert.Equal(0, (await RunAsync("verify", _folder, "--read-shards")).Code);
    }

    [Fact]
    public async Task Index_Again_AsksForOverwrite()
    {
        await RunAsync("index", _folder, "--humans", "None");

        (int code, _, string error) = await RunAsync("index", _folder, "--humans", "None");

        Assert.Equal(1, code);
        Assert.Contains("index.json: the shards have an index already", error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("index", _folder, "--humans", "None", "--overwrite")).Code);
    }

    [Theory]
    [InlineData("wave\n\nclap", "line 2 is empty")]
    [InlineData("wave\nwave", "'wave' stands in lines 1 and 2")]
    [InlineData("\n", "there are no class names in it")]
    public async Task Index_BrokenClassFile_NamesTheLine(string text, string problem)
    {
        File.WriteAllText(InFolder("classes.txt"), text);

        (int code, _, string error) = await RunAsync("index", _folder, "--humans", "None", "--classes", InFolder("classes.txt"));

        Assert.Equal(1, code);
        Assert.Contains(problem, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Index_WithoutHumans_IsRefused() => Assert.NotEqual(0, (await RunAsync("index", _folder)).Code);

    private static void Add(TarWriter writer, string name, string text) =>
        writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)) });

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = await PpmaCommand.RunAsync(["dataset", .. args], output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    private string InFolder(string name) => Path.Combine(_folder, name);
}
