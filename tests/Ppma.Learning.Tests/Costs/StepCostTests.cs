using Ppma.Learning.Checkpoints;
using Ppma.Learning.Costs;
using Ppma.Learning.Models;
using Ppma.Learning.Precision;

namespace Ppma.Learning.Tests.Costs;

public sealed class StepCostTests
{
    private static readonly StepWork Autoencoding = new() { Model = TinyModels.Options, Batch = 2, MaskedTokens = 6 };

    private static readonly StepWork Classifying = new() { Model = TinyModels.Options, Batch = 1, Classes = 5 };

    [Fact]
    public void Flops_OfAutoencoder_AreThoseCountedByHand()
    {
        // 2 of 8 tokens visible, 384 values a patch, width 16, 2 blocks; decoder of width 8, 1 block.
        const double embedding = 2 * 2 * 384 * 16;
        const double rest =
            (2 * ((24 * 2 * 16 * 16) + (4 * 2 * 2 * 16)))
            + (2 * 8 * 16 * 8)
            + (24 * 8 * 8 * 8) + (4 * 8 * 8 * 8)
            + (2 * 6 * 8 * 384);
        Assert.Equal(102_912, embedding + rest);
        Assert.Equal(new StepFlops(2 * 102_912, 2 * 181_248, 0), StepFlops.Of(Autoencoding));
    }

    [Fact]
    public void Flops_OfClassifier_AreThoseCountedByHand()
    {
        Assert.Equal(new StepFlops(204_960, 311_616, 0), StepFlops.Of(Classifying));
        Assert.Equal(3 * 204_960, StepFlops.Inference(TinyModels.Options, classes: 5, views: 3));
    }

    [Fact]
    public void Flops_OfAFrozenTrunk_HaveABackwardOfTheHeadAlone() =>
        Assert.Equal(new StepFlops(204_960, 2 * 16 * 5, 0), StepFlops.Of(Classifying with { TrunkFrozen = true }));

    [Fact]
    public void Flops_WithRecomputation_CountTheBlocksAgainButNotAsUseful()
    {
        var kept = StepFlops.Of(Autoencoding);
        var recomputed = StepFlops.Of(Autoencoding with { RecomputeActivations = true });
        Assert.Equal(kept.Useful, recomputed.Useful);
        Assert.Equal(2 * ((2 * 12_544) + 14_336), recomputed.Total - kept.Total);
    }

    [Fact]
    public void Flops_OfAnAverage_AddTheAveragingForwardAndBackward()
    {
        var average = StepFlops.Of(Classifying with { AveragedModels = 2 });
        double averaging = 2.0 * 2 * ModelLayout.TrunkOf(TinyModels.Options).ParameterCount;
        Assert.Equal(204_960 + averaging, average.Forward);
        Assert.Equal(311_616 + averaging, average.Backward);
    }

    [Fact]
    public void Layout_OfEveryModel_IsThatOfTheRealOne()
    {
        using var autoencoder = new MaskedAutoencoder(TinyModels.Options, seed: 0);
        using var classifier = new VideoClassifier(TinyModels.Options, classes: 5, seed: 0);
        using var average = new AdaptiveAverage(TinyModels.Options, [classifier.State, classifier.State], classes: 5, seed: 0, perTensor: true);
        AssertSame(autoencoder, ModelLayout.OfMaskedAutoencoder(TinyModels.Options));
        AssertSame(classifier, ModelLayout.OfClassifier(TinyModels.Options, classes: 5));
        AssertSame(average, ModelLayout.OfAdaptiveAverage(TinyModels.Options, classes: 5, members: 2, scorePerTensor: true));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CheckpointBytes_AreThoseOfASavedOneWithinAPercent(bool frozen)
    {
        using var folder = new TemporaryFolder();
        using var model = new VideoClassifier(TinyModels.Options with { Dim = 64 }, classes: 5, seed: 0);
        if (frozen)
        {
            model.FreezeTrunk();
        }

        using var optimizer = TinyModels.Optimizer(model);
        using var snapshot = CheckpointSnapshot.Take(new TrainingState { Step = 1 }, TinyModels.Tensors(model, optimizer));
        var manifest = new CheckpointStore(folder.Path, keepLast: 2).Save(snapshot);

        long saved = Directory.GetFiles(folder.File(manifest.FolderName)).Sum(file => new FileInfo(file).Length);
        var cost = StepCost.Of(Classifying with { Model = model.Options, TrunkFrozen = frozen });
        Assert.InRange(cost.CheckpointBytes, saved * 0.99, saved * 1.01);
        Assert.Equal(model.TrainableParameters.Sum(parameter => parameter.Value.numel()), cost.Trainable);
    }

    [Fact]
    public void Memory_CountsWhatIsTrainedFourTimesAndTheRestOnce()
    {
        var cost = StepCost.Of(Classifying with { MovingAverage = true });
        Assert.Equal(cost.Parameters * 4, cost.Memory.Gradients);
        Assert.Equal(cost.Parameters * 8, cost.Memory.Moments);
        Assert.Equal(cost.Parameters * 4, cost.Memory.MovingAverage);
        Assert.Equal((cost.Parameters + (8 * 16)) * 4, cost.Memory.Weights);
        Assert.Equal(4 * ((16 * 5) + 5), StepCost.Of(Classifying with { TrunkFrozen = true }).Memory.Gradients);
    }

    [Fact]
    public void Memory_OfSmallerPartsRecomputationOrHalfPrecision_HasFewerActivations()
    {
        var work = new StepWork { Model = new(), Batch = 32, Classes = 150 };
        long whole = Activations(work);
        Assert.Equal(whole / 4, Activations(work with { AccumulationSteps = 4 }));
        Assert.True(Activations(work with { RecomputeActivations = true }) < whole / 4);
        Assert.True(Activations(work with { Precision = ComputePrecision.BFloat16 }) < 0.65 * whole);
        Assert.True(Activations(work with { TrunkFrozen = true }) < whole / 10);
    }

    [Fact]
    public void Utilisation_IsUsefulWorkOverThePeak()
    {
        var cost = StepCost.Of(Autoencoding);
        Assert.Equal(0.5, cost.Utilisation(stepsPerSecond: 2, peakFlops: 4 * cost.Flops.Useful), 12);
    }

    [Fact]
    public void MaskedTokensOf_TheMostOfViTB_TruncatesAsPublished() => Assert.Equal(1_411, StepWork.MaskedTokensOf(new(), 0.9));

    private static long Activations(StepWork work) => StepMemory.Of(work).Activations;

    private static void AssertSame(VideoModel model, ModelLayout layout)
    {
        Assert.Equal(model.Parameters.Select(Described), layout.Parameters.Select(Described));
        Assert.Equal(
            model.State.Where(tensor => !model.Parameters.ContainsKey(tensor.Key)).Select(Described), layout.Tables.Select(Described));
    }

    private static string Described<T>(KeyValuePair<string, T> tensor)
        where T : TorchSharp.torch.Tensor => $"{tensor.Key} {string.Join('x', tensor.Value.shape)}";

    private static string Described(ModelTensor tensor) => $"{tensor.Name} {string.Join('x', tensor.Shape)}";
}
