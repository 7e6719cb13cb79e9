using k8s;
using k8s.Models;
using Ppma.Controllers.Caching;

namespace Ppma.Controllers.Requests;

/// <summary>Reads from the cache, writes through to the API server and into the cache.</summary>
/// <param name="client">Sends the requests; it holds the fence.</param>
/// <param name="cache">What is read.</param>
/// <param name="writes">Where answers go before a write returns.</param>
internal sealed class Resources<T>(ResourceClient<T> client, IResourceCache<T> cache, IOwnWrites<T> writes) : IResources<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public IReadOnlyCollection<T> All => cache.All;

    public T? Find(ObjectKey key) => cache.Find(key);

    public IReadOnlyList<T> OwnedBy(string uid) => cache.OwnedBy(uid);

    public IReadOnlyList<T> Indexed(string index, string value) => cache.Indexed(index, value);

    public Task<T?> ReadAsync(ObjectKey key, CancellationToken cancellationToken) => client.ReadAsync(key, cancellationToken);

    public async Task<IReadOnlyList<T>> ListAsync(ResourceSelection selection, CancellationToken cancellationToken)
    {
        var found = new List<T>();
        await client.Select(selection).ListAsync(resourceVersion: "", found.Add, cancellationToken);
        return found;
    }

    public async Task<T> CreateAsync(T resource, CancellationToken cancellationToken) => Observe(await client.CreateAsync(resource, cancellationToken));

    public Task TryCreateAsync(T resource, CancellationToken cancellationToken) => client.TryCreateAsync(resource, cancellationToken);

    public async Task<T> ApplyAsync(T resource, CancellationToken cancellationToken) => Observe(await client.ApplyAsync(resource, cancellationToken));

    public async Task<T> UpdateStatusAsync(T resource, CancellationToken cancellationToken) =>
        Observe(await client.UpdateStatusAsync(resource, cancellationToken));

    public async Task DeleteAsync(T resource, DeletePropagation propagation, CancellationToken cancellationToken)
    {
        try
        {
            if (await client.DeleteAsync(resource, propagation, cancellationToken) is { } ending)
            {
                writes.Observe(ending);
                return;
            }
        }
        catch (ApiException gone) when (gone is { NotFound: true, Reason: "NotFound" } or { Conflict: true })
        {
            // Not there, or another by this name (the only precondition is the UID): either way this one is gone.
        }

        writes.ObserveDeleted(resource);
    }

    private T Observe(T written)
    {
        writes.Observe(written);
        return written;
    }
}
