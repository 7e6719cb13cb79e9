using Ppma.Controllers.Caching;
using Ppma.Controllers.Leading;
using Ppma.Controllers.Reconciling;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Hosting;

/// <summary>What can be set about controllers.</summary>
public sealed record ControllersOptions
{
    /// <summary>The one namespace they see; null for all.</summary>
    public string? Namespace { get; init; }

    /// <summary>The Lease under which one process of many works.</summary>
    public required LeaseOptions Lease { get; init; }

    /// <summary>Rate, time-outs and field manager.</summary>
    public RequestOptions Requests { get; init; } = new();

    /// <summary>How caches are kept up to date.</summary>
    public ReflectorOptions Reflector { get; init; } = new();

    /// <summary>Workers, retries, resync.</summary>
    public ReconcileOptions Reconcile { get; init; } = new();

    /// <summary>How long what is under way may take to end when the process is told to; then it is cancelled. Less than the pod's grace period.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>What is wrong, each in a sentence with the field, the value and what would be right; nothing when all is sound.</summary>
    public IEnumerable<string> Problems() =>
    [
        .. Lease.Problems(),
        .. If(Requests.QueriesPerSecond < 1, $"Requests.QueriesPerSecond is {Requests.QueriesPerSecond}; at least 1 is needed."),
        .. If(Requests.Burst < Requests.QueriesPerSecond, $"Requests.Burst is {Requests.Burst}; it must be at least QueriesPerSecond ({Requests.QueriesPerSecond})."),
        .. If(Requests.Client.Length is 0 or > 128, $"Requests.Client is '{Requests.Client}'; it names the field manager, in 1 to 128 characters."),
        .. If(Namespace is { } name && string.IsNullOrWhiteSpace(name), "Namespace is blank; name one, or leave it out to see all."),
        .. If(Reconcile.Workers is < 1 or > 256, $"Reconcile.Workers is {Reconcile.Workers}; 1 to 256 are possible."),
        .. If(Reconcile.ReconcileTimeout <= TimeSpan.Zero, $"Reconcile.ReconcileTimeout is {Reconcile.ReconcileTimeout}; it must be above zero."),
        .. If(Reconcile.Resync < TimeSpan.FromSeconds(1), $"Reconcile.Resync is {Reconcile.Resync}; at least a second is needed."),
        .. If(Reconcile.ShortestRetry <= TimeSpan.Zero || Reconcile.ShortestRetry > Reconcile.LongestRetry, $"Reconcile.ShortestRetry is {Reconcile.ShortestRetry}; it must be above zero and at most LongestRetry ({Reconcile.LongestRetry})."),
        .. If(Reflector.ShortestWatch < TimeSpan.FromSeconds(1) || Reflector.ShortestWatch > Reflector.LongestWatch, $"Reflector.ShortestWatch is {Reflector.ShortestWatch}; it must be at least a second and at most LongestWatch ({Reflector.LongestWatch})."),
        .. If(Reflector.Grace <= TimeSpan.Zero, $"Reflector.Grace is {Reflector.Grace}; it must be above zero."),
        .. If(Reflector.BookmarkPatience <= TimeSpan.Zero, $"Reflector.BookmarkPatience is {Reflector.BookmarkPatience}; it must be above zero."),
        .. If(Reflector.ShortestBackOff <= TimeSpan.Zero || Reflector.ShortestBackOff > Reflector.LongestBackOff, $"Reflector.ShortestBackOff is {Reflector.ShortestBackOff}; it must be above zero and at most LongestBackOff ({Reflector.LongestBackOff})."),
        .. If(ShutdownTimeout < TimeSpan.Zero, $"ShutdownTimeout is {ShutdownTimeout}; it cannot be negative."),
    ];

    private static IEnumerable<string> If(bool wrong, string problem) => wrong ? [problem] : [];
}
