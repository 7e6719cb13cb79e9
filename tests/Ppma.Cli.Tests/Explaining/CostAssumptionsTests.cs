using Ppma.Api.Tasks;
using Ppma.Cli.Explaining;

namespace Ppma.Cli.Tests.Explaining;

public sealed class CostAssumptionsTests
{
    [Fact]
    public void GracePeriodSeconds_OfALargeCheckpoint_HoldsStepDiskAndUploadWithHalfAgain()
    {
        // 2 s + 5 s to disk + 8 s to the store = 15 s; with half as much again 22.5 s, so the least.
        var assumptions = new CostAssumptions { UploadMegabitsPerSecond = 1000, DiskMegabytesPerSecond = 200 };
        Assert.Equal(8, assumptions.UploadSeconds(1_000_000_000), 9);
        Assert.Equal(30, assumptions.GracePeriodSeconds(2, 1_000_000_000));
        Assert.Equal(130, (assumptions with { UploadMegabitsPerSecond = 100 }).GracePeriodSeconds(1, 1_000_000_000));
    }

    [Fact]
    public void FlopsPerSecond_WithoutANumber_FollowsThePrecision()
    {
        Assert.True(new CostAssumptions().FlopsPerSecond(Precision.BFloat16) > new CostAssumptions().FlopsPerSecond(Precision.Float32));
        Assert.Equal(3e12, new CostAssumptions { Tflops = 3 }.FlopsPerSecond(Precision.Float32));
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1_130_000_000, "1.13 GB")]
    [InlineData(999_900, "1.00 MB")]
    [InlineData(94_200_000, "94.2 MB")]
    public void AmountsOf_ManyBytes_KeepsThreeDigits(double bytes, string text) => Assert.Equal(text, Amounts.Of(bytes, "B"));

    [Theory]
    [InlineData(0.0008, "8e-4")]
    [InlineData(0.75, "0.75")]
    [InlineData(0, "0")]
    [InlineData(200, "200")]
    public void AmountsNumber_OfARate_IsShort(double number, string text) => Assert.Equal(text, Amounts.Number(number));
}
