using Ppma.Learning.Models;
using Ppma.Learning.Optimization;
using static TorchSharp.torch;

namespace Ppma.Learning.Tests.Optimization;

public sealed class WeightAverageTests
{
    private const string Head = "heads.0.0.bias";

    [Fact]
    public void Update_WeightsThatMove_FollowsByTheShareThatDecays()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        using var average = new WeightAverage(model, decay: 0.75);

        Fill(model, 8);
        average.Update();
        average.Update();

        // From 0: 2, then 2 + (8 - 2) / 4.
        Assert.Equal(3.5f, average.Averaged[Head][0].item<float>());
        Assert.Equal(8, average.Weights[Head][0].item<float>());
    }

    [Fact]
    public void Exchange_Twice_PutsThingsBack()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        using var average = new WeightAverage(model, decay: 0.75);
        Fill(model, 8);

        average.Exchange();
        Assert.Equal(0, model.Parameters[Head][0].item<float>());
        average.Exchange();
        Assert.Equal(8, model.Parameters[Head][0].item<float>());
    }

    [Fact]
    public void Averaged_OfAModelWithAFrozenTrunk_HoldsAllThatTheModelDoes()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        model.FreezeTrunk();
        using var average = new WeightAverage(model, decay: 0.75);

        Assert.Equal(model.State.Keys, average.Averaged.Keys);
        Assert.Equal(["heads.0.0.weight", Head], average.Weights.Keys);
    }

    private static VideoClassifier Model() => new(TinyModels.Options, classes: 2, seed: 0);

    private static void Fill(VideoClassifier model, float value)
    {
        using var noGradient = no_grad();
        model.Parameters[Head].fill_(value);
    }
}
