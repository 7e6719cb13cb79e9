namespace Ppma.Api.Conditions;

/// <summary>The conditions of a resource: each type once, in the order of <see cref="ConditionType"/>.</summary>
public static class ConditionList
{
    /// <summary>The condition of a type, or null.</summary>
    public static Condition? Find(this IEnumerable<Condition> conditions, ConditionType type)
    {
        var name = type.ToString();
        return conditions.FirstOrDefault(condition => condition.Type == name);
    }

    /// <summary>Whether the condition is there and has the status.</summary>
    public static bool Is(this IEnumerable<Condition> conditions, ConditionType type, ConditionStatus status) =>
        conditions.Find(type)?.Status == status.ToString();

    /// <summary>
    /// The list with one condition set. Its transition time stays while the status does. <see cref="ConditionType.Reconciling"/> and
    /// <see cref="ConditionType.Stalled"/> are in the list only while True (kstatus): any other status takes them out.
    /// </summary>
    /// <param name="conditions">The list before.</param>
    /// <param name="type">Which condition.</param>
    /// <param name="status">Whether it holds.</param>
    /// <param name="reason">Why, for programs.</param>
    /// <param name="message">Why, for people; cut where the schema ends it.</param>
    /// <param name="observedGeneration"><c>metadata.generation</c> of the spec that was looked at.</param>
    /// <param name="now">The time, UTC; kept to the second, as an API server shows it.</param>
    public static IList<Condition> With(
        this IEnumerable<Condition> conditions,
        ConditionType type,
        ConditionStatus status,
        Reason reason,
        string message,
        long observedGeneration,
        DateTimeOffset now)
    {
        var others = conditions.ToList();
        var before = others.Find(type);
        if (type is ConditionType.Reconciling or ConditionType.Stalled && status != ConditionStatus.True)
        {
            return others.Without(type);
        }

        var condition = new Condition
        {
            Type = type.ToString(),
            Status = status.ToString(),
            Reason = reason.ToString(),
            Message = Runs.StatusLimits.Cut(message, Runs.StatusLimits.MessageLength),
            ObservedGeneration = observedGeneration,
            LastTransitionTime = before?.Status == status.ToString() ? before.LastTransitionTime : WholeSecond(now),
        };
        return [.. others.Where(other => other.Type != condition.Type).Append(condition).OrderBy(Position)];
    }

    /// <summary>The list without a condition.</summary>
    public static IList<Condition> Without(this IEnumerable<Condition> conditions, ConditionType type)
    {
        var name = type.ToString();
        return [.. conditions.Where(condition => condition.Type != name)];
    }

    private static DateTime WholeSecond(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds()).UtcDateTime;

    // Types of a newer operator come last and keep their order.
    private static int Position(Condition condition) => Enum.TryParse<ConditionType>(condition.Type, out var type) ? (int)type : int.MaxValue;
}
