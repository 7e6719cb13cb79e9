using k8s;
using k8s.Models;

namespace Ppma.Controllers.Caching;

/// <summary>
/// The objects of one kind as they were last seen: listed, then watched, and overlaid with what this process wrote itself, so that
/// a read never goes back behind an own write. Objects are shared: nobody changes them.
/// </summary>
public interface IResourceCache<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The object, or null when there is none.</summary>
    T? Find(ObjectKey key);

    /// <summary>Everything in the cache, in no order.</summary>
    IReadOnlyCollection<T> All { get; }

    /// <summary>Objects that name an owner of this UID.</summary>
    IReadOnlyList<T> OwnedBy(string uid);

    /// <summary>Objects under a value of an index.</summary>
    /// <param name="index">An index that was asked for when the kind was registered.</param>
    /// <param name="value">Compared ordinally.</param>
    IReadOnlyList<T> Indexed(string index, string value);
}
