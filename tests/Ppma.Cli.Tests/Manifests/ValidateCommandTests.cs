using System.Globalization;

namespace Ppma.Cli.Tests.Manifests;

public sealed class ValidateCommandTests : IDisposable
{
    private const string Good = """
        apiVersion: ppma.cloud/v1alpha1
        kind: VideoDataset
        metadata: {name: people}
        spec: {uri: file:people, humans: Real}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("ppma-validate-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Validate_GoodFile_SaysWhatItHoldsAndEndsWith0()
    {
        var file = Write("good.yaml", Good);

        var (code, output, error) = await RunAsync(file);

        Assert.Equal((0, $"{file}: valid (1 VideoDataset)\n", ""), (code, output, error));
    }

    [Fact]
    public async Task Validate_FolderWithProblems_WritesOneALineAndEndsWith1()
    {
        Write("a.yaml", Good);
        Write("b.yml", Good.Replace("humans: Real", "human: Real", StringComparison.Ordinal).Replace("name: people", "name: others", StringComparison.Ordinal));
        Write("notes.txt", "not a manifest");

        var (code, output, error) = await RunAsync(_folder);

        Assert.Equal((1, ""), (code, output));
        Assert.Equal(
            [$"{Path.Combine(_folder, "b.yml")}:1: spec.human: unknown field; did you mean \"humans\"?", $"{_folder}: 1 problem", ""],
            error.Split('\n'));
    }

    [Fact]
    public async Task Validate_NothingThere_SaysSo()
    {
        var (code, _, error) = await RunAsync(Path.Combine(_folder, "nowhere"));

        Assert.Equal(1, code);
        Assert.Contains("nowhere: there is no such file or folder", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_FolderWithoutManifests_SaysSo()
    {
        var (code, _, error) = await RunAsync(_folder);

        Assert.Equal(1, code);
        Assert.Contains("holds no .yaml or .yml file", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_FileThatIsNoText_SaysSo()
    {
        var file = Path.Combine(_folder, "video.yaml");
        await File.WriteAllBytesAsync(file, [0xff, 0xfe, 0x00, 0x80], TestContext.Current.CancellationToken);

        var (code, _, error) = await RunAsync(file);

        Assert.Equal(1, code);
        Assert.Contains("video.yaml", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string path)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var code = await PpmaCommand.RunAsync(["validate", "-f", path], output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
