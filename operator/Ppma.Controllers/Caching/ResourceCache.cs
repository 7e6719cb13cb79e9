using System.Collections.Immutable;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ppma.Controllers.Caching;

/// <summary>
/// What is known of one kind: how far the watch has come (<see cref="Position"/>), the objects as of then, and over them the own writes that
/// the watch has not reached yet. Whatever is not newer than what it would replace is ignored, so that events may be late, doubled or out of
/// order. Revisions are compared across UIDs too: a name is taken again only after the object before it was gone.
/// </summary>
/// <param name="trim">Takes away what nobody reads.</param>
/// <param name="indexes">What objects can be found by.</param>
/// <param name="log">Told of objects that these fail for.</param>
internal sealed partial class ResourceCache<T>(
    Action<T>? trim = null, IReadOnlyDictionary<string, Func<T, IEnumerable<string>>>? indexes = null, ILogger? log = null)
    : IResourceCache<T>, IOwnWrites<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, T> _objects = [];
    private readonly Dictionary<ObjectKey, (string Uid, ResourceVersion Version)> _deletedByUs = [];
    private readonly ResourceIndex<T> _byOwner = Index("owner", OwnersOf, log);
    private readonly Dictionary<string, ResourceIndex<T>> _indexes = indexes is null
        ? []
        : indexes.ToDictionary(index => index.Key, index => Index(index.Key, index.Value, log), StringComparer.Ordinal);

    private ImmutableArray<Action<ResourceChange<T>>> _subscribers = [];
    private T[]? _all = [];

    /// <summary>Up to where the server's history is in the cache; own writes may be ahead of it.</summary>
    public ResourceVersion Position { get; private set; }

    public IReadOnlyCollection<T> All
    {
        get
        {
            lock (_lock)
            {
                return _all ??= [.. _objects.Values];
            }
        }
    }

    public T? Find(ObjectKey key)
    {
        lock (_lock)
        {
            return _objects.GetValueOrDefault(key);
        }
    }

    public IReadOnlyList<T> OwnedBy(string uid)
    {
        lock (_lock)
        {
            return _byOwner[uid];
        }
    }

    public IReadOnlyList<T> Indexed(string index, string value)
    {
        lock (_lock)
        {
            return _indexes.TryGetValue(index, out var found)
                ? found[value]
                : throw new ArgumentException($"{typeof(T).Name} has no index '{index}'; ask for it where the kind is registered. There are: {string.Join(", ", _indexes.Keys)}", nameof(index));
        }
    }

    /// <summary>
    /// Has <paramref name="subscriber"/> called after every change, on the thread that brought it and outside of the lock: two changes may be told at
    /// the same time. An own write is told when it is observed, and its echo in the watch is not.
    /// </summary>
    /// <returns>Ends the subscription when it is disposed.</returns>
    public IDisposable Subscribe(Action<ResourceChange<T>> subscriber)
    {
        ImmutableInterlocked.Update(ref _subscribers, all => all.Add(subscriber));
        return new Subscription(() => ImmutableInterlocked.Update(ref _subscribers, all => all.Remove(subscriber)));
    }

    /// <summary>Strips what nobody reads. Done to every object that comes near the cache, as early as can be.</summary>
    public void Trim(T resource)
    {
        resource.Metadata.ManagedFields = null;
        try
        {
            trim?.Invoke(resource);
        }
        catch (Exception exception) // One odd object must not keep all others from being known.
        {
            LogNotTrimmed(log ?? NullLogger.Instance, exception, typeof(T).Name, ObjectKey.Of(resource));
        }
    }

    private void Tell(params ReadOnlySpan<ResourceChange<T>> changes)
    {
        foreach (var change in changes)
        {
            foreach (var subscriber in _subscribers)
            {
                subscriber(change);
            }
        }
    }

    private void Tell(ResourceChange<T>? change)
    {
        if (change is { } occurred)
        {
            Tell([occurred]);
        }
    }

    private static ResourceIndex<T> Index(string name, Func<T, IEnumerable<string>> valuesOf, ILogger? log) =>
        new(valuesOf, (resource, exception) => LogNotIndexed(log ?? NullLogger.Instance, exception, typeof(T).Name, ObjectKey.Of(resource), name));

    private static ResourceVersion VersionOf(T resource) => ResourceVersion.Parse(resource.Metadata.ResourceVersion);

    private static IEnumerable<string> OwnersOf(T resource) => resource.Metadata.OwnerReferences?.Select(owner => owner.Uid) ?? [];

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
