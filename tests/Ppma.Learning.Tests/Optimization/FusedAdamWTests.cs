using Ppma.Learning.Checkpoints;
using Ppma.Learning.Models;
using Ppma.Learning.Optimization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ppma.Learning.Tests.Optimization;

public sealed class FusedAdamWTests
{
    private const string Weight = "heads.0.0.weight";

    [Fact]
    public void Step_ManySteps_FollowsTorchsOwnAdamW()
    {
        using var scope = NewDisposeScope();
        using var fused = Model();
        using var plain = Model();
        using var optimizer = TinyModels.Optimizer(fused);
        var reference = optim.AdamW(
            [
                new AdamW.ParamGroup(plain.Parameters.Where(p => Decays(p.Key)).Select(p => p.Value), new() { LearningRate = 1e-2, weight_decay = 0.05 }),
                new AdamW.ParamGroup(plain.Parameters.Where(p => !Decays(p.Key)).Select(p => p.Value), new() { LearningRate = 1e-2, weight_decay = 0 }),
            ],
            1e-2);
        for (int step = 0; step < 5; step++)
        {
            optimizer.ZeroGradients();
            reference.zero_grad();
            Backward(fused);
            Backward(plain);
            optimizer.Step();
            reference.step();
        }

        Assert.All(fused.Parameters, parameter =>
            Assert.True(parameter.Value.allclose(plain.Parameters[parameter.Key], 1e-4, 1e-6), $"{parameter.Key} differs"));
    }

    [Fact]
    public void Step_SkipIsOne_LeavesParametersAndStateAlone()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        using var optimizer = TinyModels.Optimizer(model);
        var before = model.Parameters[Weight].detach().clone();
        Backward(model);
        optimizer.Step(skip: ones(1));

        Assert.True(before.allclose(model.Parameters[Weight], 0, 0));
        Assert.Equal(0, optimizer.State["step"].item<float>());
        Assert.Equal(0, optimizer.State["exp_avg." + Weight].abs().max().item<float>());
        optimizer.Step(skip: zeros(1));
        Assert.Equal(1, optimizer.State["step"].item<float>());
        Assert.False(before.allclose(model.Parameters[Weight]));
    }

    [Fact]
    public void Step_ParameterWithoutGradient_NamesIt()
    {
        using var model = Model();
        using var optimizer = TinyModels.Optimizer(model);
        var error = Assert.Throws<InvalidOperationException>(() => optimizer.Step());
        Assert.Contains("trunk.patch_embed.proj.1.weight", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Step_OfOneHead_LeavesTheOtherAndItsMomentsAndCountAlone()
    {
        const string other = "heads.1.0.weight";
        using var scope = NewDisposeScope();
        using var model = new VideoClassifier(TinyModels.Options, [3, 4], seed: 0);
        using var optimizer = TinyModels.Optimizer(model);
        Step(head: 1);
        var parameter = model.Parameters[other].detach().clone();
        var average = optimizer.State["exp_avg." + other].clone();

        Step(head: 0);
        Step(head: 0);

        // Neither weight decay nor momentum moved it.
        Assert.True(parameter.equal(model.Parameters[other]).all().item<bool>());
        Assert.True(average.equal(optimizer.State["exp_avg." + other]).all().item<bool>());
        Assert.Equal([3f, 2f, 1f], new[] { "step", "step.heads.0", "step.heads.1" }.Select(name => optimizer.State[name].item<float>()));

        void Step(int head)
        {
            optimizer.ZeroGradients();
            model.Forward(TinyModels.Video(), head).square().sum().backward();
            optimizer.Step();
        }
    }

    [Fact]
    public void Step_OfOneHead_IsThatOfAModelWithThatHeadAlone()
    {
        using var scope = NewDisposeScope();
        using var several = new VideoClassifier(TinyModels.Options, [3, 4], seed: 0);
        using var alone = new VideoClassifier(TinyModels.Options, classes: 3, seed: 0);
        using var ofSeveral = TinyModels.Optimizer(several);
        using var ofOne = TinyModels.Optimizer(alone);
        for (int step = 0; step < 3; step++)
        {
            Step(several, ofSeveral);
            Step(alone, ofOne);
        }

        Assert.All(alone.Parameters, parameter =>
            Assert.True(parameter.Value.equal(several.Parameters[parameter.Key]).all().item<bool>(), $"{parameter.Key} differs"));

        static void Step(VideoClassifier model, FusedAdamW optimizer)
        {
            optimizer.ZeroGradients();
            model.Forward(TinyModels.Video()).square().sum().backward();
            optimizer.Step();
        }
    }

    [Fact]
    public void Of_SeveralHeads_GivesEachTheHeadsDecayAndRate()
    {
        using var model = new VideoClassifier(TinyModels.Options, [3, 4], seed: 0);
        var groups = ParameterGroups.Of(model, weightDecay: 0.05, layerDecay: 0.5);

        Assert.Equal(
            [("heads.0", 0.05), ("heads.0", 0), ("heads.1", 0.05), ("heads.1", 0)],
            groups.Where(group => group.Head is not null).Select(group => (group.Head!, group.WeightDecay)));
        Assert.All(groups.Where(group => group.Head is not null), group => Assert.Equal(0.5, group.RateFactor));
    }

    [Fact]
    public void SetLearningRate_LayerDecay_ScalesEveryGroupAndMayChange()
    {
        using var model = Model();
        using var optimizer = new FusedAdamW(ParameterGroups.Of(model, weightDecay: 0.05, layerDecay: 0.5), new AdamWOptions());
        optimizer.SetLearningRate(1);
        var head = optimizer.Groups.Single(group => group.Parameters.Any(parameter => parameter.Key == Weight));
        var patches = optimizer.Groups.Single(group => group.Parameters.Any(parameter => parameter.Key == "trunk.patch_embed.proj.1.weight"));
        Assert.Equal(0.5, head.LearningRate);
        Assert.Equal(0.0625, patches.LearningRate);
        optimizer.SetLearningRate(2);
        Assert.Equal(1, head.LearningRate);
    }

    [Fact]
    public void SetLearningRate_GroupWithAScheduleOfItsOwn_FollowsThat()
    {
        using var model = TinyModels.AdaptiveAverage();
        using var optimizer = new FusedAdamW(
            ParameterGroups.Of(model, weightDecay: 1e-4, layerDecay: 0.75, RateSchedule.AdaptiveScores(1, scale: 2)), new AdamWOptions());

        double reported = optimizer.SetLearningRate(RateSchedule.AdaptiveHead(1, scale: 2), share: 0);

        Assert.Equal(0.25, reported);
        Assert.Equal(0.75 * 0.5, RateOf("mixing_ratio"));
        Assert.Equal(0.75 * 0.25, RateOf(Weight));
        Assert.Equal(0.75 * 0.25, RateOf("heads.0.0.bias"));

        double RateOf(string name) => optimizer.Groups.Single(group => group.Parameters.Any(parameter => parameter.Key == name)).LearningRate;
    }

    [Fact]
    public void GradientNorm_OfAllGradients_IsTheirJointNorm()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        using var optimizer = TinyModels.Optimizer(model);
        Backward(model);

        double expected = Math.Sqrt(model.Parameters.Values.Sum(parameter => Math.Pow(parameter.grad!.norm().item<float>(), 2)));
        Assert.Equal(expected, optimizer.GradientNorm().item<float>(), expected * 1e-5);
    }

    [Fact]
    public void LoadState_AfterThreeSteps_GoesOnBitForBit()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        using var optimizer = TinyModels.Optimizer(model);
        Train(model, optimizer, steps: 3);
        using var copy = Model();
        using var copyOptimizer = TinyModels.Optimizer(copy);
        ModelWeights.Load(copy, model.State);
        copyOptimizer.LoadState(optimizer.State);

        Train(model, optimizer, steps: 2);
        Train(copy, copyOptimizer, steps: 2);
        Assert.All(model.Parameters, parameter => Assert.True(parameter.Value.equal(copy.Parameters[parameter.Key]).all().item<bool>()));
    }

    [Fact]
    public void LoadState_OtherNames_ListsEveryDifferenceAndCopiesNothing()
    {
        using var model = Model();
        using var optimizer = TinyModels.Optimizer(model);
        var state = optimizer.State.Where(entry => entry.Key != "step").Append(new("extra", optimizer.State["step"])).ToDictionary();
        var error = Assert.Throws<WeightsMismatchException>(() => optimizer.LoadState(state));
        Assert.Equal(["missing 'step'", "unexpected 'extra'"], error.Problems);
    }

    private static VideoClassifier Model() => new(TinyModels.Options, classes: 3, seed: 0);

    private static bool Decays(string name) => ParameterGroups.Settings(name, depth: 2, weightDecay: 1, layerDecay: 1).WeightDecay > 0;

    private static void Backward(VideoClassifier model) => model.Forward(TinyModels.Video()).square().sum().backward();

    private static void Train(VideoClassifier model, FusedAdamW optimizer, int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            optimizer.ZeroGradients();
            Backward(model);
            optimizer.Step();
        }
    }
}
