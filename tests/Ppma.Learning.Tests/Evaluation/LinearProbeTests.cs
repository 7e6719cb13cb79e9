using Ppma.Datasets.Ordering;
using Ppma.Learning.Evaluation;
using static TorchSharp.torch;

namespace Ppma.Learning.Tests.Evaluation;

public sealed class LinearProbeTests
{
    private const int Classes = 3;

    private static readonly ProbeOptions Options = new() { Classes = Classes, Steps = 120, BatchSize = 16, Seed = 4, LabelSmoothing = 0.1 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Train_SeparableFeatures_LearnsThemForNewClips()
    {
        using ClipFeatures training = Separable(clips: 60, seed: 1);
        using ClipFeatures test = Separable(clips: 60, seed: 2);
        using LinearHead untrained = new(dim: 8, Classes, seed: 4);
        using LinearHead head = LinearProbe.Train(training, peakRate: 0.05, Options, Token);

        Assert.True(head.Score(test).Top1 > 0.95, $"{head.Score(test).Top1}");
        Assert.True(untrained.Score(test).Top1 < 0.8, $"{untrained.Score(test).Top1}");
    }

    [Fact]
    public void Train_SameSeed_GivesTheSameHead()
    {
        using ClipFeatures training = Separable(clips: 20, seed: 1);

        float[] Weights(long seed)
        {
            using LinearHead head = LinearProbe.Train(training, peakRate: 0.01, Options with { Seed = seed, Steps = 20 }, Token);
            return head.Weight.data<float>().ToArray();
        }

        Assert.Equal(Weights(4), Weights(4));
        Assert.NotEqual(Weights(4), Weights(5));
    }

    [Fact]
    public void TryRates_HeldOutClips_AreNotLearnedFrom()
    {
        // Every clip has a feature of its own, so a clip that was learned from is always right.
        const int Clips = 40;
        using ClipFeatures unique = new(
            eye(Clips).unsqueeze(1).mul(10).DetachFromDisposeScope(), [.. Enumerable.Range(0, Clips).Select(clip => clip / 2 % 2)]);
        ProbeOptions options = Options with { Classes = 2 };
        using LinearHead all = LinearProbe.Train(unique, peakRate: 0.1, options, Token);
        Assert.Equal(1, all.Score(unique).Top1);

        double heldOut = LinearProbe.TryRates(unique, [0.1], holdoutShare: 0.5, options, Token).Single();

        Assert.InRange(heldOut, 0.1, 0.9);
    }

    [Fact]
    public void TryRates_SeveralRates_ScoresEachOnTheHeldOutClips()
    {
        using ClipFeatures training = Separable(clips: 45, seed: 1);

        IReadOnlyList<double> scores = LinearProbe.TryRates(training, [0.05, 1e-9], holdoutShare: 0.2, Options, Token);

        (int[] kept, int[] heldOut) = Holdout.Choose(training.Labels, 0.2, Options.Seed);
        using ClipFeatures learn = training.Select(kept);
        using ClipFeatures judge = training.Select(heldOut);
        using LinearHead head = LinearProbe.Train(learn, 0.05, Options, Token);
        Assert.Equal(head.Score(judge).Top1, scores[0]);
        Assert.True(scores[0] > scores[1], $"{scores[0]} and {scores[1]}");
    }

    [Fact]
    public void Score_ViewsOfAClip_AreAveraged()
    {
        using LinearHead head = new(dim: 2, classes: 2, seed: 0);
        using (no_grad())
        {
            head.Weight.copy_(eye(2));
        }

        // One view says class 0 a little, the other class 1 clearly.
        using ClipFeatures clip = new(tensor(new float[] { 1, 0, 0, 3 }, [1, 2, 2]).DetachFromDisposeScope(), [1]);

        Assert.Equal(1, head.Score(clip).Top1);
    }

    [Fact]
    public void Train_Cancelled_Stops()
    {
        using ClipFeatures training = Separable(clips: 6, seed: 1);
        Assert.Throws<OperationCanceledException>(() => LinearProbe.Train(training, 0.1, Options, new CancellationToken(canceled: true)));
    }

    /// <summary>Two views of each clip, around a centre for each class.</summary>
    private static ClipFeatures Separable(int clips, ulong seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed, CPU);
        int[] labels = [.. Enumerable.Range(0, clips).Select(clip => clip % Classes)];
        Tensor centres = nn.functional.one_hot(tensor(labels.Select(label => (long)label).ToArray()), 8).to_type(ScalarType.Float32);
        Tensor features = centres.unsqueeze(1).mul(2) + randn([clips, 2, 8], generator: generator).mul(0.5);
        return new ClipFeatures(features.DetachFromDisposeScope(), labels);
    }
}
