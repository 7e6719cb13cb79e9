using System.Runtime.InteropServices;

namespace Ppma.Controllers.Caching;

/// <summary>What lists, watches and own writes do to it.</summary>
internal sealed partial class ResourceCache<T>
{
    /// <summary>Takes a list for the truth as of its version: what it lacks is gone, unless it was written by us later.</summary>
    /// <param name="listed">Trimmed objects.</param>
    /// <param name="version">The list's version.</param>
    /// <returns>False, and nothing is changed, when the list is older than what is known already.</returns>
    public bool Replace(IReadOnlyCollection<T> listed, ResourceVersion version)
    {
        List<ResourceChange<T>> changes;
        lock (_lock)
        {
            if (version < Position)
            {
                return false;
            }

            changes = ReplaceAll(listed.Where(item => !IsDeletedByUs(item)), keep: own => VersionOf(own) > version);
            ForgetDeletions(listed, version);
            Position = version;
        }

        Tell(CollectionsMarshal.AsSpan(changes));
        return true;
    }

    /// <summary>
    /// Starts over from a list read through a quorum although it is older than what is known: the server's store was set back to a backup,
    /// and nothing that was seen or written since has happened.
    /// </summary>
    public void StartOver(IReadOnlyCollection<T> listed, ResourceVersion version)
    {
        List<ResourceChange<T>> changes;
        lock (_lock)
        {
            changes = ReplaceAll(listed, keep: _ => false);
            _deletedByUs.Clear();
            Position = version;
        }

        Tell(CollectionsMarshal.AsSpan(changes));
    }

    /// <summary>Takes one event of the watch. One that is older than what is known changes nothing.</summary>
    public void Apply(WatchEvent<T> occurred)
    {
        var version = ResourceVersion.Parse(occurred.ResourceVersion);
        ResourceChange<T>? change = null;
        if (occurred.Object is { } resource)
        {
            Trim(resource);
        }

        lock (_lock)
        {
            if (occurred.Object is { } watched)
            {
                change = occurred.Kind == WatchEventKind.Deleted ? Remove(watched, version) : Put(watched, version);
            }

            Position = version > Position ? version : Position;
        }

        Tell(change);
    }

    public void Observe(T written)
    {
        Trim(written);
        ResourceChange<T>? change = null;
        lock (_lock)
        {
            change = Put(written, VersionOf(written));
        }

        Tell(change);
    }

    public void ObserveDeleted(T deleted)
    {
        ResourceChange<T>? change = null;
        lock (_lock)
        {
            var key = ObjectKey.Of(deleted);
            var version = VersionOf(deleted);

            // An older object of this name must have gone before the deleted one came.
            if (_objects.TryGetValue(key, out var known) && (known.Metadata.Uid == deleted.Metadata.Uid || VersionOf(known) < version))
            {
                _deletedByUs[key] = (deleted.Metadata.Uid, version > VersionOf(known) ? version : VersionOf(known));
                change = Set(key, known, null);
            }
            else if (version > Position)
            {
                _deletedByUs[key] = (deleted.Metadata.Uid, version);
            }
        }

        Tell(change);
    }

    private ResourceChange<T>? Put(T resource, ResourceVersion version)
    {
        var key = ObjectKey.Of(resource);
        var known = _objects.GetValueOrDefault(key);

        // What the watch has passed, it has told: where an object is missing then, it was deleted after this version.
        var newest = known is null ? Position : VersionOf(known);
        return version <= newest || IsDeletedByUs(resource) ? null : Set(key, known, resource);
    }

    private ResourceChange<T>? Remove(T resource, ResourceVersion version)
    {
        var key = ObjectKey.Of(resource);
        if (_deletedByUs.TryGetValue(key, out var deleted) && deleted.Uid == resource.Metadata.Uid)
        {
            _deletedByUs.Remove(key);
        }

        return _objects.TryGetValue(key, out var known) && VersionOf(known) <= version ? Set(key, known, null) : null;
    }

    private ResourceChange<T> Set(ObjectKey key, T? before, T? after)
    {
        if (after is null)
        {
            _objects.Remove(key);
        }
        else
        {
            _objects[key] = after;
        }

        _byOwner.Change(before, after);
        foreach (var index in _indexes.Values)
        {
            index.Change(before, after);
        }

        _all = null;
        return new ResourceChange<T>(before, after);
    }

    private List<ResourceChange<T>> ReplaceAll(IEnumerable<T> listed, Func<T, bool> keep)
    {
        var before = new Dictionary<ObjectKey, T>(_objects);
        _objects.Clear();
        foreach (var own in before.Where(known => keep(known.Value)))
        {
            _objects.Add(own.Key, own.Value);
        }

        foreach (var item in listed)
        {
            _objects.TryAdd(ObjectKey.Of(item), item);
        }

        var changes = new List<ResourceChange<T>>();
        foreach (var (key, after) in _objects)
        {
            if (!before.Remove(key, out var was) || VersionOf(was) != VersionOf(after))
            {
                changes.Add(new ResourceChange<T>(was, after));
            }
        }

        changes.AddRange(before.Values.Select(gone => new ResourceChange<T>(gone, null)));
        _byOwner.Replace(_objects.Values);
        foreach (var index in _indexes.Values)
        {
            index.Replace(_objects.Values);
        }

        _all = null;
        return changes;
    }

    /// <summary>A deletion is remembered until the watch tells it, or a list that would know the object lacks it.</summary>
    private void ForgetDeletions(IReadOnlyCollection<T> listed, ResourceVersion version)
    {
        if (_deletedByUs.Count == 0)
        {
            return;
        }

        var present = listed.Select(item => item.Metadata.Uid).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, deleted) in _deletedByUs.ToList())
        {
            if (deleted.Version <= version && !present.Contains(deleted.Uid))
            {
                _deletedByUs.Remove(key);
            }
        }
    }

    /// <summary>Whether we deleted this object, or a later one of its name.</summary>
    private bool IsDeletedByUs(T resource) =>
        _deletedByUs.TryGetValue(ObjectKey.Of(resource), out var deleted) && (deleted.Uid == resource.Metadata.Uid || VersionOf(resource) <= deleted.Version);
}
