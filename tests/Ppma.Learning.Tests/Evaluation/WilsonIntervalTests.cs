using CsCheck;
using Ppma.Learning.Evaluation;

namespace Ppma.Learning.Tests.Evaluation;

public sealed class WilsonIntervalTests
{
    // As the formula gives them by hand with z = 1.95996.
    [Theory]
    [InlineData(8, 10, 0.490162, 0.943318)]
    [InlineData(81, 263, 0.255289, 0.366210)]
    [InlineData(0, 20, 0, 0.161125)]
    [InlineData(20, 20, 0.838875, 1)]
    [InlineData(0, 0, 0, 1)]
    public void Of_KnownCounts_GivesThePublishedBounds(int successes, int trials, double low, double high)
    {
        var interval = WilsonInterval.Of(successes, trials);
        Assert.Equal(low, interval.Low, 1e-5);
        Assert.Equal(high, interval.High, 1e-5);
    }

    [Fact]
    public void Of_AnyCounts_HoldsTheShareInsideZeroToOne() =>
        Gen.Int[1, 20_000].SelectMany(trials => Gen.Int[0, trials], (trials, successes) => (trials, successes)).Sample(sample =>
        {
            var (low, high) = WilsonInterval.Of(sample.successes, sample.trials);
            double share = (double)sample.successes / sample.trials;
            return low >= 0 && low <= share && share <= high && high <= 1 && low < high;
        });

    [Fact]
    public void Of_MoreSuccessesThanTrials_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(3, 2));
}
