using Prometheus;

namespace Ppma.Controllers.Caching;

/// <summary>What a reflector asks of the server. Names as client-go once had them.</summary>
internal sealed class ReflectorMetrics
{
    private readonly string _kind;
    private readonly Counter.Child _lists;
    private readonly Counter.Child _watches;
    private readonly Counter _failures;

    public ReflectorMetrics(CollectorRegistry registry, string kind)
    {
        var metrics = Metrics.WithCustomRegistry(registry);
        _kind = kind;
        _lists = metrics.CreateCounter("reflector_lists_total", "Lists that were begun: one at start, more where history was gone", ["name"]).WithLabels(kind);
        _watches = metrics.CreateCounter("reflector_watches_total", "Watches that were begun", ["name"]).WithLabels(kind);
        _failures = metrics.CreateCounter("reflector_failures_total", "Lists and watches that did not end well: expired, silent, connection, or the HTTP status", ["name", "reason"]);
    }

    public void Listed() => _lists.Inc();

    public void WatchBegun() => _watches.Inc();

    public void Failed(string reason) => _failures.WithLabels(_kind, reason).Inc();
}
