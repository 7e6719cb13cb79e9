namespace Ppma.Cli.Tests.Datasets;

public sealed class SynthCommandTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"ppma-synth-command-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task Synth_EmptyFolder_WritesThreeDataSetsOnce()
    {
        (int code, string output, _) = await RunAsync();
        Assert.Equal(0, code);
        Assert.All(["context", "synthetic", "actions"], name => Assert.True(File.Exists(Path.Combine(_folder, name, "index.json"))));
        Assert.Contains("actions: 17 clips", output, StringComparison.Ordinal);

        (code, output, _) = await RunAsync();
        Assert.Equal(0, code);
        Assert.Equal(3, output.Split("already there, unchanged").Length - 1);
    }

    [Fact]
    public async Task Synth_OtherSeedIntoTheSameFolder_IsRefusedUnlessOverwriting()
    {
        await RunAsync();
        (int code, _, string error) = await RunAsync("--seed", "5");
        Assert.Equal(1, code);
        Assert.Contains("context", error, StringComparison.Ordinal);

        (code, string output, _) = await RunAsync("--seed", "5", "--overwrite");
        Assert.Equal(0, code);
        Assert.Contains("written in", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Synth_FewerClipsThanClasses_NamesTheOption()
    {
        (int code, _, string error) = await RunWithAsync(actionsTest: 7);
        Assert.NotEqual(0, code);
        Assert.Contains("--actions-test must be at least 8", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder));
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] more) => RunWithAsync(actionsTest: 9, more);

    private async Task<(int Code, string Output, string Error)> RunWithAsync(int actionsTest, params string[] more)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        string[] sizes = ["--context", "8", "--synthetic", "8", "--actions-train", "8", "--actions-test", $"{actionsTest}"];
        int code = await PpmaCommand.RunAsync(
            ["dataset", "synth", "--out", _folder, .. sizes, .. more], output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
