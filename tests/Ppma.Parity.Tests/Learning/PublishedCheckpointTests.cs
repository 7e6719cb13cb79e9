using System.Globalization;
using Ppma.Learning.Checkpoints;
using Ppma.Learning.Models;
using static TorchSharp.torch;

namespace Ppma.Parity.Tests.Learning;

/// <summary>A published file <c>X-checkpoint.pt</c> holds the weights that <c>X.safetensors</c> lists beside it.</summary>
public sealed class PublishedCheckpointTests
{
    public static TheoryData<string> MaeFiles => GoldenFolder.Files("mae-*-checkpoint.pt");

    public static TheoryData<string> EnsembleFiles => GoldenFolder.Files("ensemble-*-checkpoint.pt");

    [Theory]
    [MemberData(nameof(MaeFiles))]
    public void Read_MaeCheckpoint_FitsTheModelBitForBit(string name)
    {
        using var file = WeightsFile.Read(GoldenFolder.PathOf(name));
        using var golden = GoldenModel.Read(name.Replace("-checkpoint.pt", ".safetensors", StringComparison.Ordinal));
        var weights = Assert.Single(file.Models);
        AssertSame(golden.Under("state."), weights, ScalarType.Float32);

        using var autoencoder = new MaskedAutoencoder(golden.Options, seed: 0);
        ModelWeights.Load(autoencoder, weights);
        using var classifier = new VideoClassifier(golden.Options, classes: 2, seed: 0);
        ModelWeights.Load(classifier, weights, WeightSelection.TrunkWithoutNorm);
        const string qkv = "trunk.blocks.0.attn.qkv.weight";
        Assert.True(classifier.State[qkv].equal(weights[qkv]).all().item<bool>());
        Assert.True(classifier.State["trunk.norm.weight"].equal(ones_like(classifier.State["trunk.norm.weight"])).all().item<bool>());
    }

    [Theory]
    [MemberData(nameof(EnsembleFiles))]
    public void Read_EnsembleCheckpoint_GivesEveryMemberInFloat32(string name)
    {
        using var file = WeightsFile.Read(GoldenFolder.PathOf(name));
        using var golden = GoldenModel.Read(
            name.Replace("ensemble-", "adaptive-average-", StringComparison.Ordinal).Replace("-checkpoint.pt", ".safetensors", StringComparison.Ordinal));
        for (int member = 0; member < file.Models.Count; member++)
        {
            var expected = golden.Under(string.Create(CultureInfo.InvariantCulture, $"model{member}."));
            Assert.NotEmpty(expected);
            AssertSame(expected, file.Models[member], ScalarType.Float16);
            using var classifier = new VideoClassifier(golden.Options, golden.Classes, seed: 0);
            ModelWeights.Load(classifier, file.Models[member], WeightSelection.TrunkWithNorm);
        }
    }

    /// <summary>Equal bit for bit, or to what is left after rounding to <paramref name="roughest"/>.</summary>
    private static void AssertSame(IReadOnlyDictionary<string, Tensor> expected, IReadOnlyDictionary<string, Tensor> actual, ScalarType roughest)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in expected)
        {
            Assert.Equal(ScalarType.Float32, actual[name].dtype);
            Assert.Equal(tensor.shape, actual[name].shape);
            var rounded = tensor.to_type(roughest).to_type(ScalarType.Float32);
            bool same = actual[name].equal(tensor).all().item<bool>() || actual[name].equal(rounded).all().item<bool>();
            Assert.True(same, $"{name} differs");
        }
    }
}
