using Ppma.Learning.Evaluation;

namespace Ppma.Learning.Tests.Evaluation;

public sealed class AccuracyCounterTests
{
    [Fact]
    public void Add_RankedLogits_CountsTop1AndTop5()
    {
        var counter = new AccuracyCounter(classes: 6);
        float[] logits = [6, 5, 4, 3, 2, 1];
        for (int label = 0; label < 6; label++)
        {
            counter.Add(logits, label);
        }

        Assert.Equal(6, counter.Samples);
        Assert.Equal(1.0 / 6, counter.Top1);
        Assert.Equal(5.0 / 6, counter.Top5);
    }

    [Fact]
    public void Add_EqualLogits_RankTheLowerClassFirst()
    {
        // A model that says the same of every class must not be right everywhere.
        var counter = new AccuracyCounter(classes: 2);
        counter.Add([1, 1], 0);
        counter.Add([1, 1], 1);

        Assert.Equal(0.5, counter.Top1);
        Assert.Equal(1, counter.Top5);
    }

    [Fact]
    public void Add_NaNOfTheTrueClass_IsWrong()
    {
        var counter = new AccuracyCounter(classes: 2);
        counter.Add([float.NaN, 0], 0);
        counter.Add([float.NaN, float.NaN], 1);

        Assert.Equal((0, 0), (counter.Top1, counter.Top5));
    }

    [Fact]
    public void Add_NaNOfAnotherClass_DoesNotRank()
    {
        var counter = new AccuracyCounter(classes: 2);
        counter.Add([float.NaN, 0], 1);

        Assert.Equal(1, counter.Top1);
    }

    [Fact]
    public void AddDamaged_AnyClip_CountsAsWrong()
    {
        var counter = new AccuracyCounter(classes: 2);
        counter.Add([1, 0], 0);
        counter.AddDamaged(1);

        Assert.Equal((2, 1), (counter.Samples, counter.Damaged));
        Assert.Equal((0.5, 0.5, 0.5), (counter.Top1, counter.Top5, counter.MeanClassAccuracy));
    }

    [Fact]
    public void MeanClassAccuracy_UnevenClasses_WeighsEachThatOccursOnce()
    {
        var counter = new AccuracyCounter(classes: 3);
        counter.Add([1, 0, 0], 0);
        counter.Add([1, 0, 0], 0);
        counter.Add([1, 0, 0], 0);
        counter.Add([1, 0, 0], 1);

        Assert.Equal(0.75, counter.Top1);
        Assert.Equal(0.5, counter.MeanClassAccuracy);
    }

    [Fact]
    public void Shares_OfNothing_AreZero()
    {
        var counter = new AccuracyCounter(classes: 3);
        Assert.Equal((0, 0, 0), (counter.Top1, counter.Top5, counter.MeanClassAccuracy));
    }

    [Fact]
    public void Add_LabelOrLogitsOfAnotherSpace_AreRefused()
    {
        var counter = new AccuracyCounter(classes: 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => counter.Add([1, 0], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => counter.Add([1, 0], -1));
        Assert.Throws<ArgumentException>(() => counter.Add([1, 0, 0], 1));
        Assert.Equal(0, counter.Samples);
    }
}
