using CsCheck;
using Ppma.Api.Conditions;
using Ppma.Api.Runs;
using Ppma.Operator.Attempts;

namespace Ppma.Operator.Tests.Attempts;

public sealed class RestartBudgetTests
{
    private static readonly DateTime Now = new(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc);
    private static readonly RestartSettings Settings = new() { Application = 3, Infrastructure = 50, BackoffSeconds = 30, MaxBackoffSeconds = 600 };
    private static readonly AttemptEnd End = new() { Cause = EndCause.Exited, ExitCode = 1, Node = "gpu-3", FinishedAt = Now };

    [Fact]
    public void After_EndsInARow_DoublesTheWaitUpToTheLongest()
    {
        var waits = new List<double>();
        RestartStatus? soFar = null;
        for (int i = 0; i < 7; i++)
        {
            var decision = RestartBudget.After(Settings, soFar, End, ExitClass.Infrastructure, TimeSpan.Zero, Now);
            waits.Add((decision.NextAttemptTime!.Value - Now).TotalSeconds);
            soFar = decision.Restarts;
        }

        Assert.Equal([30, 60, 120, 240, 480, 600, 600], waits);
    }

    [Fact]
    public void After_ErrorsOfTheProgram_EndsWhenTheirBudgetIsUsedUp()
    {
        RestartStatus? soFar = null;
        for (int i = 1; i <= 3; i++)
        {
            var decision = RestartBudget.After(Settings, soFar, End, ExitClass.Application, TimeSpan.Zero, Now);
            Assert.Null(decision.Exhausted);
            Assert.Equal(i, decision.Restarts.Application);
            soFar = decision.Restarts;
        }

        var last = RestartBudget.After(Settings, soFar, End, ExitClass.Application, TimeSpan.Zero, Now);

        Assert.Equal(Reason.ApplicationBudgetExhausted, last.Exhausted);
        Assert.Null(last.NextAttemptTime);
        Assert.Equal(3, last.Restarts.Application);
    }

    [Fact]
    public void After_ErrorsOfNodes_LeavesTheProgramsBudgetAlone()
    {
        var decision = RestartBudget.After(
            Settings with { Application = 0 }, new() { Infrastructure = 50 }, End, ExitClass.Infrastructure, TimeSpan.Zero, Now);

        Assert.Equal(Reason.InfrastructureBudgetExhausted, decision.Exhausted);
        Assert.Equal((0, 50), (decision.Restarts.Application, decision.Restarts.Infrastructure));
    }

    [Theory]
    [InlineData(3599, Reason.ApplicationBudgetExhausted, 3)]
    [InlineData(3600, null, 1)]
    public void After_AnHourOfProgress_BeginsBothBudgetsAnew(int progressSeconds, Reason? exhausted, int application)
    {
        var decision = RestartBudget.After(
            Settings, new() { Application = 3, Infrastructure = 49 }, End, ExitClass.Application, TimeSpan.FromSeconds(progressSeconds), Now);

        Assert.Equal(exhausted, decision.Exhausted);
        Assert.Equal(application, decision.Restarts.Application);
    }

    [Fact]
    public void After_ABudgetOfNone_DoesNotTryAgain() => Assert.Equal(
        Reason.ApplicationBudgetExhausted,
        RestartBudget.After(Settings with { Application = 0 }, null, End, ExitClass.Application, TimeSpan.Zero, Now).Exhausted);

    [Fact]
    public void After_AnUncountedEnd_CostsNothingAndWaitsTheLongest()
    {
        var decision = RestartBudget.After(Settings, new() { Application = 3 }, End, ExitClass.Uncounted, TimeSpan.Zero, Now);

        Assert.Equal((null, 3, Now.AddSeconds(600)), (decision.Exhausted, decision.Restarts.Application, decision.NextAttemptTime));
    }

    [Fact]
    public void After_AnyEnd_SaysWhyItWas()
    {
        var last = RestartBudget.After(Settings, null, End with { ExitCode = 43 }, ExitClass.Application, TimeSpan.Zero, Now.AddMinutes(5)).Restarts.Last;

        Assert.Equal(new LastRestart { Cause = "Stalled", ExitCode = 43, Node = "gpu-3", Time = Now }, last);
    }

    [Fact]
    public void After_AnEndSeenLate_CountsTheWaitFromTheEnd() => Assert.Equal(
        Now.AddSeconds(30), RestartBudget.After(Settings, null, End, ExitClass.Application, TimeSpan.Zero, Now.AddMinutes(5)).NextAttemptTime);

    [Theory]
    [InlineData(ExitClass.Done)]
    [InlineData(ExitClass.Final)]
    public void After_AnEndThatIsOne_IsNoQuestion(ExitClass @class) => Assert.Throws<ArgumentOutOfRangeException>(
        () => RestartBudget.After(Settings, null, End, @class, TimeSpan.Zero, Now));

    [Fact]
    public void After_AnyNumberOfEnds_GrantsNoMoreThanBothBudgets() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 5], Gen.Bool.Select(program => program ? ExitClass.Application : ExitClass.Infrastructure).Array[30]).Sample((application, infrastructure, ends) =>
        {
            var settings = Settings with { Application = application, Infrastructure = infrastructure };
            RestartStatus? soFar = null;
            int granted = 0;
            foreach (var @class in ends)
            {
                var decision = RestartBudget.After(settings, soFar, End, @class, TimeSpan.Zero, Now);
                granted += decision.Exhausted is null ? 1 : 0;
                soFar = decision.Restarts;
            }

            Assert.True(granted <= application + infrastructure);
            Assert.True(soFar!.Application <= application && soFar.Infrastructure <= infrastructure);
        });
}
