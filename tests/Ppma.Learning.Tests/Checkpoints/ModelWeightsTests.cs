using Ppma.Learning.Checkpoints;
using Ppma.Learning.Models;
using static TorchSharp.torch;

namespace Ppma.Learning.Tests.Checkpoints;

public sealed class ModelWeightsTests
{
    [Theory]
    [InlineData("trunk.blocks.0.norm1.weight", true, true)]
    [InlineData("trunk.patch_embed.proj.1.bias", true, true)]
    [InlineData("trunk.pos_embed", true, true)]
    [InlineData("trunk.norm.weight", true, false)]
    [InlineData("trunk.mask_token", true, false)]
    [InlineData("trunk.decoder.norm.bias", true, false)]
    [InlineData("heads.0.0.weight", false, false)]
    [InlineData("heads.0.projector.weight", false, false)]
    public void Takes_EveryKindOfName_FollowsTheStageItCameFrom(string name, bool fromClassification, bool fromMae)
    {
        Assert.True(WeightSelection.Everything.Takes(name));
        Assert.Equal(fromClassification, WeightSelection.TrunkWithNorm.Takes(name));
        Assert.Equal(fromMae, WeightSelection.TrunkWithoutNorm.Takes(name));
    }

    [Fact]
    public void Load_ManyDifferences_NamesEveryOneAndCopiesNothing()
    {
        using var scope = NewDisposeScope();
        using var model = new VideoClassifier(TinyModels.Options, classes: 3, seed: 0);
        using var other = new VideoClassifier(TinyModels.Options, classes: 4, seed: 1);
        var before = model.Parameters["trunk.norm.bias"].detach().clone();
        var weights = other.State.Where(entry => entry.Key != "trunk.norm.weight").Append(new("stray", zeros(1))).ToDictionary();

        var error = Assert.Throws<WeightsMismatchException>(() => ModelWeights.Load(model, weights));
        Assert.Contains("missing 'trunk.norm.weight'", error.Message, StringComparison.Ordinal);
        Assert.Contains("unexpected 'stray'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'heads.0.0.weight' has shape (4, 16), not (3, 16)", error.Message, StringComparison.Ordinal);
        Assert.True(before.equal(model.Parameters["trunk.norm.bias"]).all().item<bool>());
    }

    [Fact]
    public void Load_MaeWeightsIntoAClassifier_LeavesItsOwnNormAndHead()
    {
        using var classifier = new VideoClassifier(TinyModels.Options, classes: 3, seed: 0);
        using var autoencoder = new MaskedAutoencoder(TinyModels.Options, seed: 1);
        ModelWeights.Load(classifier, autoencoder.State, WeightSelection.TrunkWithoutNorm);
        const string name = "trunk.blocks.1.attn.proj.weight";
        Assert.True(classifier.State[name].equal(autoencoder.State[name]).all().item<bool>());
    }
}
