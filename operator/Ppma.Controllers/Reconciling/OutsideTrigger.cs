namespace Ppma.Controllers.Reconciling;

/// <summary>Something that is no object of the API server.</summary>
internal sealed class OutsideTrigger(Func<Action<ObjectKey>, IDisposable> subscribe) : ITrigger
{
    public IDisposable Subscribe(Action<ObjectKey> lookAt) => subscribe(lookAt);
}
