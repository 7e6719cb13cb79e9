using System.Collections;
using System.Reflection;
using Prometheus;

namespace Ppma.Monitoring.Tests.Metrics;

/// <param name="Name">As Prometheus stores it; of a histogram without _bucket, _sum and _count.</param>
/// <param name="Type">counter, gauge or histogram.</param>
/// <param name="Labels">In the order of the code.</param>
/// <param name="Help">One line.</param>
internal sealed record Metric(string Name, string Type, IReadOnlyList<string> Labels, string Help)
{
    /// <summary>Names of its series.</summary>
    public IEnumerable<string> Series => Type == "histogram" ? [$"{Name}_bucket", $"{Name}_sum", $"{Name}_count"] : [Name];

    /// <summary>All metrics of a registry. The registry tells labels only of metrics that have values, so it is looked into.</summary>
    public static IReadOnlyList<Metric> In(CollectorRegistry registry) =>
    [
        .. from family in Values<object>(registry, "_families")
           let collector = Values<Collector>(family, "_collectors").First()
           orderby collector.Name
           select new Metric(collector.Name, collector.GetType().Name.ToLowerInvariant(), [.. collector.LabelNames], collector.Help.TrimEnd('.')),
    ];

    private static IEnumerable<T> Values<T>(object holder, string field)
    {
        var found = holder.GetType().GetField(field, BindingFlags.NonPublic | BindingFlags.Instance)?.GetValue(holder) as IDictionary;
        Assert.True(found is not null, $"{holder.GetType().Name} has no dictionary {field} any more; look up how this version of prometheus-net keeps its metrics.");
        return found.Values.Cast<T>();
    }
}
