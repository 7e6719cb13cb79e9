using k8s;
using k8s.Models;
using Ppma.Controllers.Caching;

namespace Ppma.Controllers.Requests;

/// <summary>
/// Objects of one kind: read from the cache, written through to the API server. Every write is refused unless this process leads
/// (<see cref="Leading.LeadershipLostException"/>), and what the server answers is in the cache before the call returns.
/// Refusals of the server are <see cref="ApiException"/>.
/// </summary>
public interface IResources<T> : IResourceCache<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The object as the API server has it now, past the cache; null when there is none.</summary>
    Task<T?> ReadAsync(ObjectKey key, CancellationToken cancellationToken);

    /// <summary>The objects of a selection as the API server has them now, past the cache.</summary>
    Task<IReadOnlyList<T>> ListAsync(ResourceSelection selection, CancellationToken cancellationToken);

    /// <summary>Creates the object. A name that is taken is an <see cref="ApiException"/> with <see cref="ApiException.AlreadyExists"/>.</summary>
    Task<T> CreateAsync(T resource, CancellationToken cancellationToken);

    /// <summary>Asks what a create would say (<c>dryRun=All</c>), and changes nothing.</summary>
    Task TryCreateAsync(T resource, CancellationToken cancellationToken);

    /// <summary>Server-side apply under the operator's field manager, taking fields over by force (KEP-555).</summary>
    Task<T> ApplyAsync(T resource, CancellationToken cancellationToken);

    /// <summary>Replaces the whole status on condition of the resourceVersion that <paramref name="resource"/> carries; 409 when it is older.</summary>
    Task<T> UpdateStatusAsync(T resource, CancellationToken cancellationToken);

    /// <summary>Deletes exactly this object (UID precondition). One that is gone already, or replaced by another, is no error.</summary>
    Task DeleteAsync(T resource, DeletePropagation propagation, CancellationToken cancellationToken);
}
