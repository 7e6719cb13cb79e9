using CsCheck;
using Ppma.Learning.Optimization;

namespace Ppma.Learning.Tests.Optimization;

public sealed class RateScheduleTests
{
    private static readonly Gen<RateSchedule> Schedules =
        Gen.Select(Gen.Double[1e-4, 1e-1], Gen.Double[0.5, 4], Gen.Double[0.01, 0.5], Gen.Bool, (peak, scale, warmup, mae) =>
            mae ? RateSchedule.Mae(peak, scale, warmup) : RateSchedule.Align(peak, scale, warmup));

    [Fact]
    public void At_AnyShare_IsPositiveAndAtMostThePeak() =>
        Gen.Select(Schedules, Gen.Double[0, 0.999]).Sample((schedule, share) =>
            schedule.At(share) > 0 && schedule.At(share) <= Math.Max(schedule.WarmupTo, schedule.CosineFrom) * (1 + 1e-9));

    [Fact]
    public void At_WithinWarmup_RisesAndAfterItFalls() =>
        Gen.Select(Schedules, Gen.Double[0.001, 0.99], Gen.Double[0.001, 0.99]).Where((schedule, a, b) => a < b).Sample((schedule, a, b) =>
        {
            bool bothWarm = b < schedule.WarmupShare - 1e-5;
            bool bothCosine = a > schedule.WarmupShare + 1e-5;
            return (!bothWarm || schedule.At(a) < schedule.At(b)) && (!bothCosine || schedule.At(a) >= schedule.At(b));
        });

    [Fact]
    public void At_ScaleOfTwo_HalvesTheRateAfterTheWarmup()
    {
        var schedule = RateSchedule.Align(4e-3, 2);
        Assert.Equal(2e-3, schedule.At(0.125 - 1e-5), 1e-5);
        Assert.Equal(1e-3, schedule.At(0.125), 1e-6);
    }
}
