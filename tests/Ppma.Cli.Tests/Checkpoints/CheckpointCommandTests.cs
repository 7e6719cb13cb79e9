using System.Globalization;
using System.Security.Cryptography;
using Ppma.Learning.Checkpoints;
using Ppma.Learning.Models;
using Ppma.Learning.Optimization;

namespace Ppma.Cli.Tests.Checkpoints;

/// <summary>The commands over small files of the published make, and over a checkpoint of one's own.</summary>
public sealed class CheckpointCommandTests : IDisposable
{
    private static readonly string Mae = Golden("mae-tiny-checkpoint.pt");
    private static readonly string Ensemble = Golden("ensemble-tiny-checkpoint.pt");

    private readonly string _folder = Directory.CreateTempSubdirectory("ppma-checkpoint-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Inspect_APublishedFile_SaysModelTrainingAndEveryTensor()
    {
        (int code, string output, string error) = await RunAsync("inspect", Mae);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("kind        PyTorch file, one model\n", output, StringComparison.Ordinal);
        Assert.Contains($"sha256      {Sha256(Mae)}\n", output, StringComparison.Ordinal);
        Assert.Contains("training    PyTorch's optimiser state is in the file", output, StringComparison.Ordinal);
        Assert.Contains("also        epoch: 200\n", output, StringComparison.Ordinal);
        Assert.Contains(
            "fits model: {frames: 8, size: 64, patch: [2, 16, 16], dim: 96, depth: 3, heads: ?, decoderDim: 48, decoderDepth: 2, decoderHeads: ?}", output, StringComparison.Ordinal);
        Assert.Matches(@"\n  trunk\.blocks\.2\.attn\.qkv\.weight +Float32 +288×96 +110,592\n", output);
    }

    [Fact]
    public async Task Inspect_AnEnsemble_SaysTheStoredTypeOfEachMember()
    {
        (_, string output, _) = await RunAsync("inspect", Ensemble);

        Assert.Contains("kind        PyTorch file, ensemble of 2 models\n", output, StringComparison.Ordinal);
        Assert.Contains("model 1     trunk alone\n", output, StringComparison.Ordinal);
        Assert.Matches(@"trunk\.norm\.weight +Float32 ", output);
        Assert.Matches(@"trunk\.norm\.weight +Float16 ", output);
    }

    [Fact]
    public async Task Import_APublishedFile_KeepsNamesAndNumbersAndSaysWhatAManifestNeeds()
    {
        string imported = File("mae.safetensors");

        (int code, string output, string error) = await RunAsync("import", Mae, imported);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"uri: \"file://{imported}\", sha256: {Sha256(imported)}, objective: MaskedAutoencoding", output, StringComparison.Ordinal);
        AssertSame(Mae, 0, imported);
    }

    [Fact]
    public async Task Import_AnEnsemble_GivesAFileAMember()
    {
        (int code, _, _) = await RunAsync("import", Ensemble, File("e.safetensors"));

        Assert.Equal(0, code);
        AssertSame(Ensemble, 0, File("e-0.safetensors"));
        AssertSame(Ensemble, 1, File("e-1.safetensors"));
    }

    [Fact]
    public async Task Import_OneMemberOrTheMean_GivesOneFile()
    {
        Assert.Equal(0, (await RunAsync("import", Ensemble, File("one.safetensors"), "--model", "1")).Code);
        Assert.Equal(0, (await RunAsync("import", Ensemble, File("mean.safetensors"), "--average")).Code);

        AssertSame(Ensemble, 1, File("one.safetensors"));
        using var members = WeightsFile.Read(Ensemble);
        using var mean = WeightsFile.Read(File("mean.safetensors"));
        const string name = "trunk.blocks.0.attn.qkv.weight";
        using var scope = TorchSharp.torch.NewDisposeScope();
        var expected = (members.Models[0][name] + members.Models[1][name]) / 2;
        Assert.True(expected.allclose(mean.Models[0][name], 1e-6, 1e-8));
    }

    [Theory]
    [InlineData("--model is 2, but", "--model", "2")]
    [InlineData("exclude each other", "--model", "1", "--average")]
    public async Task Import_AMemberThatIsNotThere_IsRefused(string problem, params string[] options)
    {
        (int code, _, string error) = await RunAsync(["import", Ensemble, File("x.safetensors"), .. options]);

        Assert.NotEqual(0, code);
        Assert.Contains(problem, error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Import_OverAFileThatIsThere_NeedsForce()
    {
        System.IO.File.WriteAllText(File("x.safetensors"), "mine");

        (int code, _, string error) = await RunAsync("import", Mae, File("x.safetensors"));
        Assert.Equal(64, code);
        Assert.Contains("--force", error, StringComparison.Ordinal);
        Assert.Equal("mine", System.IO.File.ReadAllText(File("x.safetensors")));

        Assert.Equal(0, (await RunAsync("import", Mae, File("x.safetensors"), "--force")).Code);
        AssertSame(Mae, 0, File("x.safetensors"));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Import_ADamagedFile_NamesItAndLeavesNothing()
    {
        byte[] bytes = await System.IO.File.ReadAllBytesAsync(Mae, TestContext.Current.CancellationToken);
        await System.IO.File.WriteAllBytesAsync(File("cut.pt"), bytes[..^100], TestContext.Current.CancellationToken);

        (int code, _, string error) = await RunAsync("import", File("cut.pt"), File("x.safetensors"));

        Assert.Equal(68, code);
        Assert.Contains(File("cut.pt"), error, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File("x.safetensors")));
    }

    [Fact]
    public async Task Export_ACheckpoint_WritesItsWeightsAlone()
    {
        string run = File("checkpoints");
        SaveCheckpoint(run);

        (int code, string output, string error) = await RunAsync("export", run, File("out.safetensors"), "--dtype", "BFloat16");
        (_, string inspected, _) = await RunAsync("inspect", run);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("objective: ActionClassification", output, StringComparison.Ordinal);
        Assert.Contains("kind        checkpoint of step 7, ", inspected, StringComparison.Ordinal);
        Assert.Contains("model       fits model: {preset: vit-mini} (numbers of heads are in no file: 4 there)\n", inspected, StringComparison.Ordinal);
        using var weights = WeightsFile.Read(File("out.safetensors"));
        Assert.All(weights.StoredTypes[0], entry => Assert.Equal(TorchSharp.torch.ScalarType.BFloat16, entry.Value));
        using var model = Classifier();
        ModelWeights.Load(model, weights.Models[0]);
    }

    [Fact]
    public async Task Export_ToAPyTorchFile_SaysWhatToDoInstead()
    {
        (int code, _, string error) = await RunAsync("export", Mae, File("x.pt"));

        Assert.Equal(64, code);
        Assert.Contains("only .safetensors files are written", error, StringComparison.Ordinal);
    }

    private static void SaveCheckpoint(string folder)
    {
        using var model = Classifier();
        using var optimizer = new FusedAdamW(ParameterGroups.Of(model, weightDecay: 0), new AdamWOptions());
        using var snapshot = CheckpointSnapshot.Take(new TrainingState { Step = 7 }, [new(TensorGroup.Model, model.State), new(TensorGroup.Optimizer, optimizer.State)]);
        new CheckpointStore(folder, keepLast: 2).Save(snapshot);
    }

    private static VideoClassifier Classifier() => new(
        new() { Frames = 8, Size = 32, Patch = new PatchSize(2, 8, 8), Dim = 128, Depth = 4, Heads = 4, DecoderDim = 64, DecoderDepth = 2, DecoderHeads = 4 },
        classes: 3,
        seed: 0);

    private static void AssertSame(string source, int member, string imported)
    {
        using var theirs = WeightsFile.Read(source);
        using var ours = WeightsFile.Read(imported);
        var model = Assert.Single(ours.Models);
        Assert.Equal(theirs.Models[member].Keys.Order(StringComparer.Ordinal), model.Keys.Order(StringComparer.Ordinal));
        Assert.All(model, entry => Assert.True(entry.Value.equal(theirs.Models[member][entry.Key]).all().item<bool>(), entry.Key));
    }

    private static string Golden(string name) => Path.Combine(RepositoryFolder.Path, "tests", "Ppma.Parity.Tests", "Golden", name);

    private static string Sha256(string path) => Convert.ToHexStringLower(SHA256.HashData(System.IO.File.ReadAllBytes(path)));

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        int code = await PpmaCommand.RunAsync(["checkpoint", .. args], output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    private string File(string name) => Path.Combine(_folder, name);
}
