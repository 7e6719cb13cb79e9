using Ppma.Api.Conditions;

namespace Ppma.Operator.Runs;

/// <summary>One condition as it should stand.</summary>
internal sealed record Finding(ConditionType Type, ConditionStatus Status, Reason Reason, string Message)
{
    public static Finding True(ConditionType type, Reason reason, string message) => new(type, ConditionStatus.True, reason, message);

    public static Finding False(ConditionType type, Reason reason, string message) => new(type, ConditionStatus.False, reason, message);

    public static Finding Unknown(ConditionType type, Reason reason, string message) => new(type, ConditionStatus.Unknown, reason, message);
}
