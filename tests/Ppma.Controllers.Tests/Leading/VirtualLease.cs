using System.Net;
using k8s.Models;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Tests.Leading;

/// <summary>The API server's one Lease: optimistic concurrency, and whoever watches is told.</summary>
internal sealed class VirtualLease
{
    private readonly List<Action<V1Lease?>> _watchers = [];
    private int _version = 100;

    public V1Lease? Current { get; private set; }

    public string? Holder => Current?.Spec.HolderIdentity;

    public V1Lease Create(V1Lease lease) =>
        Current is null ? Commit(lease) : throw new ApiException(HttpStatusCode.Conflict, "AlreadyExists", "leases \"l\" already exists");

    public V1Lease Update(V1Lease lease) =>
        Current is null ? throw new ApiException(HttpStatusCode.NotFound, "NotFound", "leases \"l\" not found")
        : Current.Metadata.ResourceVersion == lease.Metadata.ResourceVersion ? Commit(lease)
        : throw new ApiException(HttpStatusCode.Conflict, "Conflict", "the object has been modified");

    /// <summary>Somebody else's edit, such as an annotation.</summary>
    public void Touch()
    {
        if (Current is not null)
        {
            Commit(Current);
        }
    }

    public void Delete()
    {
        Current = null;
        Tell();
    }

    public IDisposable Watch(Action<V1Lease?> watcher)
    {
        _watchers.Add(watcher);
        return new Subscription(() => _watchers.Remove(watcher));
    }

    private V1Lease Commit(V1Lease lease)
    {
        Current = new V1Lease { Metadata = new V1ObjectMeta { Name = lease.Metadata.Name, ResourceVersion = $"{++_version}" }, Spec = lease.Spec };
        Tell();
        return Current;
    }

    private void Tell() => _watchers.ToList().ForEach(watcher => watcher(Current));

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
