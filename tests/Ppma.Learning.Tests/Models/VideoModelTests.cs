using Ppma.Learning.Checkpoints;
using Ppma.Learning.Models;
using Ppma.Learning.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Ppma.Learning.Tests.Models;

public sealed class VideoModelTests
{
    [Fact]
    public void Parameters_SameSeed_AreEqualAndOtherSeedIsNot()
    {
        const string name = "trunk.blocks.1.mlp.fc1.weight";
        using var one = new VideoClassifier(TinyModels.Options, classes: 3, seed: 5);
        using var same = new VideoClassifier(TinyModels.Options, classes: 9, seed: 5);
        using var other = new VideoClassifier(TinyModels.Options, classes: 3, seed: 6);
        Assert.True(one.Parameters[name].allclose(same.Parameters[name], 0, 0));
        Assert.False(one.Parameters[name].allclose(other.Parameters[name]));
    }

    [Fact]
    public void Parameters_FreshModels_StartAsThePaperSays()
    {
        using var scope = NewDisposeScope();
        var options = TinyModels.Options with { Dim = 96, Heads = 4 };
        using var classifier = new VideoClassifier(options, classes: 50, seed: 1);
        using var autoencoder = new MaskedAutoencoder(options, seed: 1);
        double Deviation(VideoModel model, string name) => model.Parameters[name].std().item<float>();
        double Bound(VideoModel model, string name) => model.Parameters[name].abs().max().item<float>();

        Assert.Equal(0.02, Deviation(classifier, "trunk.blocks.0.attn.qkv.weight"), 2e-3);
        Assert.Equal(0.01, Deviation(classifier, "heads.0.0.weight"), 1e-3);
        Assert.Equal(0.02, Deviation(autoencoder, "heads.0.projector.weight"), 2e-3);
        Assert.Equal(Math.Sqrt(6.0 / (96 + 288)), Bound(autoencoder, "trunk.blocks.0.attn.qkv.weight"), 1e-3);
        Assert.Equal(Math.Sqrt(6.0 / (96 + options.PatchValues)), Bound(classifier, "trunk.patch_embed.proj.1.weight"), 1e-3);
        Assert.InRange(Bound(classifier, "trunk.patch_embed.proj.1.bias"), 1e-3, 1 / Math.Sqrt(options.PatchValues));
        Assert.Equal(0, Bound(autoencoder, "trunk.mask_token"));
        Assert.Equal(0, Bound(classifier, "heads.0.0.bias"));
    }

    [Fact]
    public void Forward_WrongVideoShape_NamesBothShapes()
    {
        using var model = new VideoClassifier(TinyModels.Options, classes: 3, seed: 0);
        using var video = zeros([2, 3, 4, 16, 24]);
        var error = Assert.Throws<ArgumentException>(() => model.Forward(video));
        Assert.Contains("(2, 3, 4, 16, 24)", error.Message, StringComparison.Ordinal);
        Assert.Contains("(B, 3, 4, 16, 16)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_MaskedAutoencoder_IsReconstructAtTheMaskedTokens()
    {
        using var scope = NewDisposeScope();
        using var model = new MaskedAutoencoder(TinyModels.Options, seed: 0);
        using var mask = TinyModels.Mask();
        var video = TinyModels.Video();
        var all = model.Reconstruct(video, mask).gather(1, mask.Masked.unsqueeze(-1).expand(-1, -1, TinyModels.Options.PatchValues));
        Assert.True(model.Forward(video, mask).allclose(all, 1e-5, 1e-6));
    }

    [Fact]
    public void Features_DropPathInTraining_FollowsTheGeneratorAndStopsInEvaluation()
    {
        using var scope = NewDisposeScope();
        using var model = new VideoClassifier(TinyModels.Options with { DropPath = 0.9 }, classes: 3, seed: 0);
        var video = TinyModels.Video(8);
        Tensor Features(long seed)
        {
            manual_seed(seed);
            return model.Features(video);
        }

        Assert.True(Features(1).equal(Features(1)).all().item<bool>());
        Assert.False(Features(1).equal(Features(2)).all().item<bool>());
        model.Training = false;
        Assert.True(Features(1).equal(Features(2)).all().item<bool>());
    }

    [Fact]
    public void FreezeTrunk_Probe_TrainsTheHeadAloneWithoutDropPath()
    {
        using var scope = NewDisposeScope();
        using var model = new VideoClassifier(TinyModels.Options with { DropPath = 0.9 }, classes: 3, seed: 0);
        model.FreezeTrunk();
        var video = TinyModels.Video();
        Assert.Equal(["heads.0.0.weight", "heads.0.0.bias"], model.TrainableParameters.Select(parameter => parameter.Key));
        Assert.True(model.Features(video).equal(model.Features(video)).all().item<bool>());

        model.Forward(video).sum().backward();
        Assert.NotNull(model.Parameters["heads.0.0.weight"].grad);
        Assert.Null(model.Parameters["trunk.norm.weight"].grad);
    }

    [Fact]
    public void AdaptiveAverage_MemberLacksATensor_NamesIt()
    {
        using var model = new VideoClassifier(TinyModels.Options, classes: 3, seed: 0);
        var incomplete = model.State.Where(entry => entry.Key != "trunk.norm.bias").ToDictionary();
        var error = Assert.Throws<WeightsMismatchException>(() => new AdaptiveAverage(TinyModels.Options, [model.State, incomplete], classes: 3, seed: 0));
        Assert.Contains("member 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("trunk.norm.bias", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Step_OneScopeEach_KeepsTheNumberOfLiveTensorsFlat()
    {
        using var model = new MaskedAutoencoder(TinyModels.Options, seed: 0);
        using var optimizer = TinyModels.Optimizer(model);
        using var video = TinyModels.Video();
        using var mask = TinyModels.Mask();
        void Step()
        {
            using var scope = NewDisposeScope();
            optimizer.ZeroGradients();
            var loss = MaskedReconstruction.Loss(model.Forward(video, mask), video, model.Options, mask);
            loss.backward();
            optimizer.Step();
        }

        Step();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int step = 0; step < 5; step++)
        {
            Step();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
