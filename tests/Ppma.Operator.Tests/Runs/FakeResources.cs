using System.Net;
using k8s;
using k8s.Models;
using Ppma.Controllers;
using Ppma.Controllers.Requests;

namespace Ppma.Operator.Tests.Runs;

/// <summary>Objects of one kind on the fake API server, and the cache that the operator reads: its own writes are in it at once, all else when it syncs.</summary>
internal sealed class FakeResources<T>(FakeApi api, Dictionary<string, Func<T, IEnumerable<string>>>? indexes = null) : IResources<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Dictionary<ObjectKey, T> _server = [];
    private Dictionary<ObjectKey, T> _cache = [];

    /// <summary>What the server answers to a create instead of making it.</summary>
    public Func<T, ApiException?> Refuse { get; set; } = _ => null;

    public Func<T, ApiException?> RefuseDryRun { get; set; } = _ => null;

    public Func<ApiException>? RefuseList { get; set; }

    /// <summary>Called with what was deleted in the foreground; true keeps it until it is removed.</summary>
    public Func<T, bool> HoldsDeletion { get; set; } = _ => false;

    public IReadOnlyCollection<T> OnServer => _server.Values;

    public IReadOnlyCollection<T> All => _cache.Values;

    private static string Kind => ResourceType.Of(typeof(T)).Kind;

    /// <summary>The cache sees all there is.</summary>
    public void Sync() => _cache = new(_server);

    /// <summary>The cache is empty, as that of a process that has just started.</summary>
    public void Forget() => _cache = [];

    public T? OnServerAt(ObjectKey key) => _server.GetValueOrDefault(key);

    /// <summary>Somebody else writes.</summary>
    public T Put(T resource)
    {
        var copy = Copy(resource);
        copy.Metadata.Uid ??= Guid.NewGuid().ToString();
        copy.Metadata.ResourceVersion = api.NextVersion();
        return _server[ObjectKey.Of(copy)] = copy;
    }

    /// <summary>Somebody else deletes.</summary>
    public void Remove(ObjectKey key) => _server.Remove(key);

    public T? Find(ObjectKey key) => _cache.GetValueOrDefault(key);

    public IReadOnlyList<T> OwnedBy(string uid) => [.. _cache.Values.Where(one => one.Metadata.OwnerReferences?.Any(owner => owner.Uid == uid) == true)];

    public IReadOnlyList<T> Indexed(string index, string value) => [.. _cache.Values.Where(one => indexes![index](one).Contains(value))];

    public Task<T?> ReadAsync(ObjectKey key, CancellationToken cancellationToken) =>
        Task.FromResult(api.Call($"GET {Kind} {key}", () => _server.TryGetValue(key, out var found) ? Copy(found) : null));

    /// <summary>Of fields it knows the UID of what an Event is about.</summary>
    public Task<IReadOnlyList<T>> ListAsync(ResourceSelection selection, CancellationToken cancellationToken) =>
        Task.FromResult(api.Call<IReadOnlyList<T>>($"LIST {Kind} {selection.Namespace} {selection.FieldSelector}", () => RefuseList?.Invoke() is { } refusal ? throw refusal :
            [.. _server.Values.Where(one => one.Metadata.NamespaceProperty == selection.Namespace
                && (one is not Corev1Event about || selection.FieldSelector == $"involvedObject.uid={about.InvolvedObject.Uid}"))]));

    public Task<T> CreateAsync(T resource, CancellationToken cancellationToken)
    {
        var key = ObjectKey.Of(resource);
        return Task.FromResult(Cached(api.Call($"POST {Kind} {key}", () =>
        {
            if (_server.ContainsKey(key) && !TakesNamesTwice)
            {
                throw new ApiException(HttpStatusCode.Conflict, "AlreadyExists", $"{Kind} {key} already exists");
            }

            if (Refuse(resource) is { } refusal)
            {
                throw refusal;
            }

            var created = Copy(resource);
            created.Metadata.Uid = Guid.NewGuid().ToString();
            created.Metadata.CreationTimestamp ??= Clock?.GetUtcNow().UtcDateTime;
            return Put(created);
        })));
    }

    public TimeProvider? Clock { get; init; }

    /// <summary>A name that is there already is taken again: what the server is trusted never to do.</summary>
    public bool TakesNamesTwice { get; set; }

    public Task TryCreateAsync(T resource, CancellationToken cancellationToken)
    {
        api.Call($"DRY {Kind}", () => RefuseDryRun(resource) is { } refusal ? throw refusal : true);
        return Task.CompletedTask;
    }

    public Task<T> ApplyAsync(T resource, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<T> UpdateStatusAsync(T resource, CancellationToken cancellationToken)
    {
        var key = ObjectKey.Of(resource);
        return Task.FromResult(Cached(api.Call($"PUT {Kind} {key}", () =>
        {
            if (!_server.TryGetValue(key, out var found) || found.Metadata.Uid != resource.Metadata.Uid)
            {
                throw new ApiException(HttpStatusCode.NotFound, "NotFound", $"{Kind} {key} not found");
            }

            if (found.Metadata.ResourceVersion != resource.Metadata.ResourceVersion)
            {
                throw new ApiException(HttpStatusCode.Conflict, "Conflict", $"{Kind} {key} was changed");
            }

            return Put(resource);
        })));
    }

    public Task DeleteAsync(T resource, DeletePropagation propagation, CancellationToken cancellationToken)
    {
        var key = ObjectKey.Of(resource);
        api.Call($"DELETE {Kind} {key}", () =>
        {
            if (!_server.TryGetValue(key, out var found) || found.Metadata.Uid != resource.Metadata.Uid)
            {
                _cache.Remove(key);
            }
            else if (propagation == DeletePropagation.Foreground && HoldsDeletion(found))
            {
                var ending = Copy(found);
                ending.Metadata.DeletionTimestamp = Clock!.GetUtcNow().UtcDateTime;
                _cache[key] = Put(ending);
            }
            else
            {
                _server.Remove(key);
                _cache.Remove(key);
            }

            return true;
        });
        return Task.CompletedTask;
    }

    private T Cached(T written) => _cache[ObjectKey.Of(written)] = Copy(written);

    private static T Copy(T resource) => KubernetesJson.Deserialize<T>(KubernetesJson.Serialize(resource));
}
