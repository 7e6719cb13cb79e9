using Microsoft.Extensions.Time.Testing;
using Ppma.Worker.Tracking;

namespace Ppma.Worker.Tests.Tracking;

public sealed class StepClockTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Read_StepsThatWait_GivesMeanTimeAndShare()
    {
        StepClock clock = Warm();
        Step(clock, waited: 1, computed: 3);
        Step(clock, waited: 0, computed: 2);

        StepTimes times = clock.Read()!.Value;

        Assert.Equal((2, 3.0), (times.Steps, times.SecondsPerStep));
        Assert.Equal(1.0 / 6, times.WaitShare, 9);
    }

    [Fact]
    public void Read_FirstStepOfAProcess_IsNotMeasured()
    {
        var clock = new StepClock(_time);
        Step(clock, waited: 50, computed: 50);
        Assert.Null(clock.Read());

        Step(clock, waited: 0, computed: 2);
        Assert.Equal(2, clock.Read()!.Value.SecondsPerStep);
    }

    [Fact]
    public void Restart_AfterACheckpoint_LeavesItsTimeOut()
    {
        StepClock clock = Warm();
        Step(clock, waited: 0, computed: 1);
        clock.Read();
        _time.Advance(TimeSpan.FromMinutes(5));

        clock.Restart();
        Step(clock, waited: 0, computed: 1);

        Assert.Equal(1, clock.Read()!.Value.SecondsPerStep);
    }

    private StepClock Warm()
    {
        var clock = new StepClock(_time);
        clock.Step(TimeSpan.Zero);
        return clock;
    }

    private void Step(StepClock clock, double waited, double computed)
    {
        _time.Advance(TimeSpan.FromSeconds(waited + computed));
        clock.Step(TimeSpan.FromSeconds(waited));
    }
}
