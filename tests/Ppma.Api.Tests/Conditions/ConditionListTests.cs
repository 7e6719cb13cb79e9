using Ppma.Api.Conditions;

namespace Ppma.Api.Tests.Conditions;

public sealed class ConditionListTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, 400, TimeSpan.Zero);

    [Fact]
    public void With_NewCondition_IsPlacedInTheOrderOfTheTypes()
    {
        IList<Condition> conditions = [];

        conditions = conditions.With(ConditionType.Admitted, ConditionStatus.True, Reason.TasksFrozen, "", 1, Noon);
        conditions = conditions.With(ConditionType.Ready, ConditionStatus.Unknown, Reason.Running, "Step 3 of 10.", 1, Noon);

        Assert.Equal(["Ready", "Admitted"], conditions.Select(condition => condition.Type));
        Assert.Equal(
            new Condition
            {
                Type = "Ready", Status = "Unknown", Reason = "Running", Message = "Step 3 of 10.", ObservedGeneration = 1,
                LastTransitionTime = new DateTime(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc),
            },
            conditions[0]);
    }

    [Fact]
    public void With_SameStatusAndOtherReason_KeepsTheTransitionTime()
    {
        IList<Condition> conditions = [];

        conditions = conditions.With(ConditionType.Ready, ConditionStatus.Unknown, Reason.Starting, "", 1, Noon);
        conditions = conditions.With(ConditionType.Ready, ConditionStatus.Unknown, Reason.Running, "", 1, Noon.AddHours(1));
        var running = Assert.Single(conditions);
        conditions = conditions.With(ConditionType.Ready, ConditionStatus.True, Reason.Completed, "", 1, Noon.AddHours(2));
        var completed = Assert.Single(conditions);

        Assert.Equal((12, "Running"), (running.LastTransitionTime.Hour, running.Reason));
        Assert.Equal((14, "Completed"), (completed.LastTransitionTime.Hour, completed.Reason));
    }

    [Theory]
    [InlineData(ConditionType.Reconciling)]
    [InlineData(ConditionType.Stalled)]
    public void With_AbnormalTypeThatIsNotTrue_IsAbsent(ConditionType type)
    {
        IList<Condition> conditions = [];

        var stays = conditions.With(type, ConditionStatus.True, Reason.Running, "", 1, Noon);
        var goes = stays.With(type, ConditionStatus.False, Reason.Completed, "", 1, Noon);

        Assert.True(stays.Is(type, ConditionStatus.True));
        Assert.Empty(goes);
    }

    [Fact]
    public void With_TypeOfANewerOperator_StaysLast()
    {
        IList<Condition> conditions = [new Condition { Type = "Blessed", Status = "True", Reason = "Why" }];

        conditions = conditions.With(ConditionType.Attested, ConditionStatus.True, Reason.AttestationMatches, "", 1, Noon);

        Assert.Equal(["Attested", "Blessed"], conditions.Select(condition => condition.Type));
    }

    [Fact]
    public void Is_ConditionThatIsNotThere_IsFalse() => Assert.False(Array.Empty<Condition>().Is(ConditionType.Ready, ConditionStatus.Unknown));
}
