namespace Ppma.Controllers.Reconciling;

/// <summary>How a reconciliation went.</summary>
/// <param name="RequeueAfter">Look again after this time even if nothing changes; null when only a change matters. The answer of the latest look counts alone: one that was given before is forgotten.</param>
public readonly record struct ReconcileResult(TimeSpan? RequeueAfter)
{
    public static ReconcileResult Done => default;

    public static ReconcileResult After(TimeSpan time) => new(time);
}
