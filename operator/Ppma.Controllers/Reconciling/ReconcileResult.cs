namespace Ppma.Controllers.Reconciling;

/// <summary>How a reconciliation went.</summary>
/// <param name="RequeueAfter">Look again after this time even if nothing changes; null when only a change matters.</param>
public readonly record struct ReconcileResult(TimeSpan? RequeueAfter)
{
    public static ReconcileResult Done => default;

    public static ReconcileResult After(TimeSpan time) => new(time);
}
