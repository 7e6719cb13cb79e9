using CsCheck;
using Ppma.Operator.Attempts;
using Ppma.Operator.Datasets;

namespace Ppma.Operator.Tests.Datasets;

public sealed class VerificationTimesTests
{
    private static readonly DateTime End = new(2026, 11, 20, 8, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void AfterSuccess_ManySetsAppliedTogether_DoNotGoOnTogether()
    {
        var times = Enumerable.Range(0, 1000).Select(i => VerificationTimes.AfterSuccess($"uid-{i}", 86_400, End)!.Value).ToList();

        Assert.All(times, time => Assert.InRange(time - End, TimeSpan.FromSeconds(0.9 * 86_400), TimeSpan.FromDays(1)));
        Assert.True(times.GroupBy(time => time.Ticks / TimeSpan.TicksPerMinute).Max(minute => minute.Count()) < 30);
    }

    [Fact]
    public void AfterSuccess_NoInterval_IsNever() => Assert.Null(VerificationTimes.AfterSuccess("uid", 0, End));

    [Fact]
    public void AfterSuccess_IntervalOfASecond_IsAMinute() =>
        Assert.InRange(VerificationTimes.AfterSuccess("uid", 1, End)!.Value - End, TimeSpan.FromSeconds(53), TimeSpan.FromSeconds(60));

    [Fact]
    public void AfterFailure_AnyNumberOfThem_WaitsLongerAndNeverTooLong() =>
        Gen.Select(Gen.Enum<ExitClass>(), Gen.Int[1, 100_000]).Sample((@class, failures) =>
        {
            var wait = VerificationTimes.AfterFailure("uid", @class, failures, End) - End;
            var next = VerificationTimes.AfterFailure("uid", @class, failures + 1, End) - End;
            Assert.True(wait >= TimeSpan.FromSeconds(13) && wait <= TimeSpan.FromHours(1) && next >= wait);
        });

    [Fact]
    public void AfterFailure_StorageRecoversByItself_IsTriedSoonerThanWhatAPersonHasToMend() =>
        Assert.True(VerificationTimes.AfterFailure("uid", ExitClass.Infrastructure, 3, End) < VerificationTimes.AfterFailure("uid", ExitClass.Final, 1, End));
}
