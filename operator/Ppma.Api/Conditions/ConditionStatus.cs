namespace Ppma.Api.Conditions;

/// <summary>Whether a condition holds.</summary>
public enum ConditionStatus
{
    True,
    False,

    /// <summary>It is not known, or not decided yet.</summary>
    Unknown,
}
