using System.Globalization;
using System.Text.Json;
using Ppma.Api.Tasks;

namespace Ppma.Cli.Tests.Explaining;

public sealed class ExplainCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ppma-explain-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Explain_TheQuickstart_SaysEveryTaskWithItsNumbers()
    {
        await RunAsync(
            "dataset", "synth", "--out", _folder, "--context", "32", "--synthetic", "16", "--actions-train", "16", "--actions-test", "8");

        (int code, string output, string error) = await ExplainAsync("quickstart");

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("19 tasks", output, StringComparison.Ordinal);
        Assert.Contains("ppma/mae: masked autoencoding\n  preset      mae-mini, nothing overridden\n", output, StringComparison.Ordinal);
        Assert.Contains("  train       context, split train: 32 clips of 8 classes (counted in its index)\n", output, StringComparison.Ordinal);
        Assert.Contains("  length      400 steps; 6,400 clips decoded, each of 32 about 200 times\n", output, StringComparison.Ordinal);
        Assert.Contains("probe-ppma-1 and 14 with the same numbers: linear probe over kept features, trunk frozen\n", output, StringComparison.Ordinal);
        Assert.Contains("              probe-ppma-2           run ppma (Last), seed 2\n", output, StringComparison.Ordinal);
        Assert.Contains("15 (float32) TFLOP/s reached", output, StringComparison.Ordinal);

        (_, string json, _) = await ExplainAsync("quickstart", "--json", "--tflops", "1");
        using var document = JsonDocument.Parse(json);
        JsonElement first = document.RootElement.GetProperty("tasks")[0];
        Assert.Equal(976_064, first.GetProperty("step").GetProperty("parameters").GetInt64());
        Assert.Equal(
            first.GetProperty("cost").GetProperty("trainingFlops").GetDouble() / 1e12 / 3600,
            first.GetProperty("cost").GetProperty("hours").GetDouble(),
            12);
    }

    [Fact]
    public async Task Explain_ThePaper_NeedsNoDataAndSaysItsNumbers()
    {
        (int code, string output, string error) = await ExplainAsync("paper");

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("94.2 M parameters, all trained\n", output, StringComparison.Ordinal);
        Assert.Contains("  rate        Mae: 5e-7 up to 8e-4 = 1.6e-3 / 2 over 7,030 steps, then cosine from 3.975e-4 to 0\n", output, StringComparison.Ordinal);
        Assert.Contains("ucf101, split train: 9,537 clips of 101 classes (as its manifest expects)\n", output, StringComparison.Ordinal);
        Assert.Contains("AdaptiveAverage of run nh-nh (Last) and run nh-s (Last), seed 123\n", output, StringComparison.Ordinal);
    }

    // What a person is told is what a cluster does; the head, which a task alone does not tell, is worth one step of ten seconds at most.
    [Fact]
    public async Task Explain_ThePaper_SaysTheGracePeriodThatItsPodsGet()
    {
        (_, string json, _) = await ExplainAsync("paper", "--json");

        using var document = JsonDocument.Parse(json);
        foreach (JsonElement explained in document.RootElement.GetProperty("tasks").EnumerateArray())
        {
            var task = TaskJson.Deserialize<TaskSpec>(JsonSerializer.SerializeToUtf8Bytes(explained.GetProperty("task")));
            int told = explained.GetProperty("cost").GetProperty("gracePeriodSeconds").GetInt32();
            Assert.InRange(GracePeriod.Of(task), told - 10, told + 10);
        }
    }

    [Fact]
    public async Task Explain_DataThatIsNotThere_NamesTheDataSetAndEndsWith64()
    {
        (int code, string output, string error) = await ExplainAsync("quickstart");

        Assert.Equal((64, ""), (code, output));
        Assert.Contains("spec.uri", error, StringComparison.Ordinal);
        Assert.Contains("write spec.expected", error, StringComparison.Ordinal);
        Assert.Contains("quickstart: 3 problems.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--tflops", "0")]
    [InlineData("--upload-mbps", "-1")]
    public async Task Explain_ARateThatIsNone_IsRefused(string option, string value)
    {
        (int code, _, string error) = await ExplainAsync("quickstart", option, value);

        Assert.Equal(1, code);
        Assert.Contains($"{option} is {value}; it must be above 0.", error, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Error)> ExplainAsync(string example, params string[] options) =>
        RunAsync(["explain", "-f", Path.Combine(RepositoryFolder.Path, "examples", example), "--data", _folder, .. options]);

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        int code = await PpmaCommand.RunAsync(args, output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
