using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ppma.Cli.Tests.Running;

/// <summary>The quickstart end to end: its own manifests with a few steps, over few made clips, by real workers.</summary>
public sealed partial class RunCommandTests : IDisposable
{
    private static readonly string[] Sizes = ["--context", "16", "--synthetic", "16", "--actions-train", "32", "--actions-test", "16"];

    private readonly string _folder = Directory.CreateTempSubdirectory("ppma-run-tests-").FullName;

    private string Manifests => Path.Combine(_folder, "quickstart");

    private string Data => Path.Combine(_folder, "data");

    private string Output => Path.Combine(_folder, "runs");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_ShortenedQuickstart_WritesTheTableAndComputesNothingTwice()
    {
        await PrepareAsync();

        (int code, string output, string error) = await RunAsync();

        Assert.True(code == 0, error);
        using JsonDocument results = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Output, "results.json"), Cancellation));
        string[] rows = [.. results.RootElement.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("row").GetString()!)];
        Assert.Equal(["ppma", "mae-only", "mae-synthetic", "supervised", "random"], rows);
        Assert.All(results.RootElement.GetProperty("rows").EnumerateArray(), row => Assert.Equal(3, row.GetProperty("trials").GetArrayLength()));
        Assert.All(["report.md", "report.html"], name => Assert.True(new FileInfo(Path.Combine(Output, name)).Length > 1000, name));
        Assert.NotEmpty(Directory.EnumerateFiles(Output, "step-*-clip-0.png", SearchOption.AllDirectories));
        Assert.Contains("mae-synthetic", output, StringComparison.Ordinal);

        DateTime[] before = Times();
        (code, _, error) = await RunAsync();
        Assert.True(code == 0, error);
        Assert.Equal(before, Times());
    }

    [Fact]
    public async Task Run_DataSetChangedAfterwards_NamesTheFileAndStartsNothing()
    {
        await PrepareAsync();
        string shard = Directory.EnumerateFiles(Path.Combine(Data, "synthetic"), "*.tar").First();
        await using (FileStream file = File.OpenWrite(shard))
        {
            file.SetLength(file.Length - 512);
        }

        (int code, _, string error) = await RunAsync();

        Assert.NotEqual(0, code);
        Assert.Contains(Path.GetFileName(shard), error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithoutTheData_SaysWhereItWasLookedFor()
    {
        CopyManifests();

        (int code, _, string error) = await RunAsync();

        Assert.NotEqual(0, code);
        Assert.Contains(Path.Combine(Data, "context"), error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Output, "default")));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private DateTime[] Times() =>
        [.. Directory.EnumerateFiles(Output, "result.json", SearchOption.AllDirectories).Order().Select(File.GetLastWriteTimeUtc)];

    private async Task PrepareAsync()
    {
        CopyManifests();
        using StringWriter quiet = new();
        Assert.Equal(0, await PpmaCommand.RunAsync(["dataset", "synth", "--out", Data, .. Sizes], quiet, quiet, Cancellation));
    }

    /// <summary>The example itself, with few steps and small batches.</summary>
    private void CopyManifests()
    {
        Directory.CreateDirectory(Manifests);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, "examples", "quickstart"), "*.yaml"))
        {
            string text = Preset().Replace(File.ReadAllText(file), match => $"{match.Value}\n{match.Groups["indent"].Value}steps: 3\n{match.Groups["indent"].Value}batchSize: 8");
            File.WriteAllText(Path.Combine(Manifests, Path.GetFileName(file)), text);
        }
    }

    private async Task<(int Code, string Output, string Error)> RunAsync()
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = await PpmaCommand.RunAsync(["run", "-f", Manifests, "--data", Data, "--out", Output], output, error, Cancellation);
        return (code, output.ToString(), error.ToString());
    }

    [GeneratedRegex(@"^(?<indent> +)preset: (mae|align|linear-probe)-mini.*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Preset();
}
