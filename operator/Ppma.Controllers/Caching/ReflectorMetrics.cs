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
        var stale = metrics.CreateGauge("reflector_stale", "1 while a kind was never listed, or its watch is silent for longer than one lasts; else 0", ["name"]).WithLabels(kind);
        registry.AddBeforeCollectCallback(() => stale.Set(IsStale() ? 1 : 0));
    }

    /// <summary>Tells whether the view of the kind is not to be trusted now.</summary>
    public Func<bool> IsStale { private get; set; } = () => false;

    public void Listed() => _lists.Inc();

    public void WatchBegun() => _watches.Inc();

    public void Failed(string reason) => _failures.WithLabels(_kind, reason).Inc();
}
