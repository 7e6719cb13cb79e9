using k8s;
using k8s.Models;

namespace Ppma.Controllers.Reconciling;

/// <summary>Brings one object of a kind to what its spec asks for. Never called for one key twice at a time.</summary>
public interface IReconciler<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>
    /// Looks and acts. Called after every change of the object and of what it depends on, also when it is gone, and never only because of what changed:
    /// it looks at everything again. An exception is logged, counted and tried again later, for ever.
    /// </summary>
    Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken);
}
