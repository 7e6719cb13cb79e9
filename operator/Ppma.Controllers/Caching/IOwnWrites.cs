using k8s;
using k8s.Models;

namespace Ppma.Controllers.Caching;

/// <summary>Where writes are reported, so that a cache never goes back behind them. Nothing that is watched or listed later undoes them unless it is newer.</summary>
internal interface IOwnWrites<in T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The server answered a write with this object. It belongs to the cache from now on, which may trim it.</summary>
    void Observe(T written);

    /// <summary>The server said that exactly this object (by its UID) is gone: deleted, or not found. One that still waits for finalizers or dependents is observed, not deleted.</summary>
    void ObserveDeleted(T deleted);
}
