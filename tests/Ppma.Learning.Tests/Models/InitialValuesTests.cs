using Ppma.Learning.Models;

namespace Ppma.Learning.Tests.Models;

/// <summary>What every parameter of a fresh model starts with (reference numbers of the published code).</summary>
public sealed class InitialValuesTests : IDisposable
{
    private static readonly VisionTransformerOptions Shape = TinyModels.Options with { Dim = 96, Heads = 4, DecoderDim = 48, DecoderHeads = 4 };

    private readonly MaskedAutoencoder _autoencoder = new(Shape, seed: 1);
    private readonly VideoClassifier _classifier = new(Shape, classes: 150, seed: 1);

    public void Dispose()
    {
        _autoencoder.Dispose();
        _classifier.Dispose();
    }

    [Fact]
    public void MaskedAutoencoder_LinearLayers_AreXavierUniform()
    {
        string[] layers = [.. Names(_autoencoder, ".weight").Where(name => !IsNorm(name) && !name.StartsWith("heads", StringComparison.Ordinal))];

        Assert.Contains("trunk.decoder.decoder_embed.weight", layers);
        Assert.Contains("trunk.decoder.decoder_blocks.0.mlp.fc2.weight", layers);
        Assert.All(layers, name => AssertXavier(_autoencoder, name));
    }

    [Fact]
    public void Classifier_LinearLayersOfTheBlocks_AreNormalOfDeviation002()
    {
        string[] layers = [.. Names(_classifier, ".weight").Where(name => name.StartsWith("trunk.blocks.", StringComparison.Ordinal) && !IsNorm(name))];

        Assert.Equal(4 * Shape.Depth, layers.Length);
        Assert.All(layers, name => AssertNormal(Values(_classifier, name), 0.02));
    }

    [Fact]
    public void Classifier_Heads_AreNormalOfDeviation001()
    {
        using var several = new VideoClassifier(Shape, [150, 120], seed: 1);

        AssertNormal(Values(_classifier, "heads.0.0.weight"), 0.01);
        AssertNormal(Values(several, "heads.1.0.weight"), 0.01);
        Assert.NotEqual(Values(several, "heads.0.0.weight")[..100], Values(several, "heads.1.0.weight")[..100]);
    }

    [Fact]
    public void MaskedAutoencoder_HeadAndMaskToken_AreNormalOfDeviation002AndZero()
    {
        AssertNormal(Values(_autoencoder, "heads.0.projector.weight"), 0.02);
        Assert.All(Values(_autoencoder, "trunk.mask_token"), value => Assert.Equal(0, value));
    }

    [Fact]
    public void BothModels_PatchEmbedding_IsXavierWithTorchsBias()
    {
        double bound = 1 / Math.Sqrt(Shape.PatchValues);
        foreach (VideoModel model in (VideoModel[])[_autoencoder, _classifier])
        {
            AssertXavier(model, "trunk.patch_embed.proj.1.weight");
            AssertUniform(Values(model, "trunk.patch_embed.proj.1.bias"), bound, tolerance: 0.4);
        }
    }

    [Fact]
    public void BothModels_OtherBiasesAndNorms_AreZerosAndOnes()
    {
        foreach (VideoModel model in (VideoModel[])[_autoencoder, _classifier])
        {
            Assert.All(
                Names(model, ".bias").Where(name => !name.StartsWith("trunk.patch_embed", StringComparison.Ordinal)),
                name => Assert.All(Values(model, name), value => Assert.Equal(0, value)));
            Assert.All(Names(model, ".weight").Where(IsNorm), name => Assert.All(Values(model, name), value => Assert.Equal(1, value)));
        }
    }

    private static IEnumerable<string> Names(VideoModel model, string end) => model.Parameters.Keys.Where(name => name.EndsWith(end, StringComparison.Ordinal));

    private static bool IsNorm(string name) => name.Split('.').Any(part => part.StartsWith("norm", StringComparison.Ordinal));

    private static float[] Values(VideoModel model, string name) => model.Parameters[name].data<float>().ToArray();

    private static void AssertXavier(VideoModel model, string name)
    {
        long[] shape = model.Parameters[name].shape;
        long inputs = shape[1..].Aggregate(1L, (product, size) => product * size);
        AssertUniform(Values(model, name), Math.Sqrt(6.0 / (shape[0] + inputs)), tolerance: 0.1);
    }

    private static void AssertUniform(float[] values, double bound, double tolerance)
    {
        // Variance of a uniform distribution: bound² / 3.
        Assert.InRange(values.Max(Math.Abs), (1 - (tolerance / 4)) * bound, bound);
        Assert.InRange(values.Average(value => (double)value * value) / (bound * bound / 3), 1 - tolerance, 1 + tolerance);
        Assert.InRange(values.Average() / bound, -tolerance / 2, tolerance / 2);
    }

    private static void AssertNormal(float[] values, double deviation)
    {
        double[] squares = [.. values.Select(value => (double)value * value / (deviation * deviation))];
        Assert.InRange(values.Average() / deviation, -0.05, 0.05);
        Assert.InRange(squares.Average(), 0.95, 1.05);

        // The fourth moment tells a bell (3) from a box (1.8).
        Assert.InRange(squares.Average(square => square * square), 2.7, 3.3);
    }
}
