using k8s;
using k8s.Models;

namespace Ppma.Controllers.Caching;

/// <summary>In place of a cache for kinds that are only written, or read one by one from the server: nothing is kept, and nothing is there to be read.</summary>
internal sealed class Uncached<T> : IResourceCache<T>, IOwnWrites<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public IReadOnlyCollection<T> All => throw NotCached();

    public T? Find(ObjectKey key) => throw NotCached();

    public IReadOnlyList<T> OwnedBy(string uid) => throw NotCached();

    public IReadOnlyList<T> Indexed(string index, string value) => throw NotCached();

    public void Observe(T written)
    {
        // Nobody reads it from here.
    }

    public void ObserveDeleted(T deleted)
    {
        // Nobody reads it from here.
    }

    private static InvalidOperationException NotCached() =>
        new($"{typeof(T).Name} is not watched; read it from the server (ReadAsync), or register it with Watch instead of Write");
}
