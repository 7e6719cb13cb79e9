using Ppma.Controllers.Leading;

namespace Ppma.Controllers.Tests.Leading;

public sealed class LeaseOptionsTests
{
    [Fact]
    public void Problems_OfTheUsualTimes_AreNone() => Assert.Empty(Options(15, 10, 2).Problems());

    [Theory]
    [InlineData(10, 10, 2, "RenewDeadline")]
    [InlineData(15, 2, 2, "RetryPeriod")]
    [InlineData(15, 10, 0, "RetryPeriod")]
    [InlineData(15.5, 10, 2, "LeaseDuration")]
    [InlineData(0, -1, 2, "LeaseDuration")]
    public void Problems_OfTimesThatWouldNotHold_NameTheTime(double duration, double deadline, double retry, string named) =>
        Assert.Contains(Options(duration, deadline, retry).Problems(), problem => problem.StartsWith(named, StringComparison.Ordinal));

    private static LeaseOptions Options(double duration, double deadline, double retry) => new()
    {
        Namespace = "ns",
        Name = "l",
        LeaseDuration = TimeSpan.FromSeconds(duration),
        RenewDeadline = TimeSpan.FromSeconds(deadline),
        RetryPeriod = TimeSpan.FromSeconds(retry),
    };
}
