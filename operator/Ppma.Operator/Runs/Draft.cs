using Ppma.Api;
using Ppma.Api.Conditions;

namespace Ppma.Operator.Runs;

/// <summary>A decision on a resource while it is being made: what its conditions will say, and when to look again.</summary>
/// <param name="generation">Of the spec that is decided on.</param>
/// <param name="now">The time of the observation.</param>
internal abstract class Draft(long generation, DateTimeOffset now)
{
    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(1);

    /// <summary>UTC.</summary>
    public DateTime Now => now.UtcDateTime;

    /// <summary>Those of the status that is drafted.</summary>
    protected abstract IList<Condition> Conditions { get; set; }

    /// <summary>The soonest of what was asked for; null to wait for a change.</summary>
    protected TimeSpan? RequeueAfter { get; private set; }

    public void Set(Finding finding) =>
        Conditions = Conditions.With(finding.Type, finding.Status, finding.Reason, finding.Message, generation, now);

    public void Remove(params ReadOnlySpan<ConditionType> types)
    {
        foreach (var type in types)
        {
            Conditions = Conditions.Without(type);
        }
    }

    public void LookAgainAt(DateTime time) => LookAgainAfter(time - Now);

    public void LookAgainAfter(TimeSpan time)
    {
        var wait = time < Soonest ? Soonest : time;
        RequeueAfter = RequeueAfter is { } sooner && sooner < wait ? sooner : wait;
    }
}
