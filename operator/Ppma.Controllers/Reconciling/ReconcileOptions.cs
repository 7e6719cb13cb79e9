namespace Ppma.Controllers.Reconciling;

/// <summary>How the controllers of a process work.</summary>
public sealed record ReconcileOptions
{
    /// <summary>How many objects of a kind are looked at at once.</summary>
    public int Workers { get; init; } = 8;

    /// <summary>How long one look may take until it is cancelled and tried again later.</summary>
    public TimeSpan ReconcileTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often everything is looked at although nothing changed: a safety net that costs no request.</summary>
    public TimeSpan Resync { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The wait after an object's first failure, doubled with each further one…</summary>
    public TimeSpan ShortestRetry { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>… up to here, and again and again.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromMinutes(5);
}
