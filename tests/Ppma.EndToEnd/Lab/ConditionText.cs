using Ppma.Api;

namespace Ppma.EndToEnd.Lab;

/// <summary>Conditions as a person reads them.</summary>
public static class ConditionText
{
    /// <summary>A line each.</summary>
    public static string Describe(this IEnumerable<Condition> conditions) =>
        string.Join('\n', conditions.Select(condition => $"  {condition.Type}={condition.Status} {condition.Reason}: {condition.Message}"));

    /// <summary>The one of a type, or null.</summary>
    public static Condition? Of(this IEnumerable<Condition> conditions, string type) => conditions.FirstOrDefault(condition => condition.Type == type);
}
