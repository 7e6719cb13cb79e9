using System.Collections.Concurrent;
using System.Text.Json;
using Ppma.Api.Tasks;
using Ppma.Datasets.Stores;

namespace Ppma.Worker.Artifacts;

/// <summary>
/// One process's claim on a task's folder in a container. Whoever claims it swaps <c>owner.json</c> and then gives every JSON blob a new
/// version. All changes name the version that they replace, one that was there while this process was the owner: so an attempt that was
/// frozen and wakes can change nothing that a newer one has seen.
/// </summary>
/// <remarks>The rule for each change is: learn the version, then who owns the folder, then change. See decision 14.</remarks>
internal sealed class ContainerClaim : IClaim
{
    public const string OwnerFile = "owner.json";

    private const int MostTries = 20;

    private static readonly TimeSpan OwnerIsRead = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, string> _versions = new(StringComparer.Ordinal);
    private readonly IVersionedStore _store;
    private readonly Owner _owner;
    private readonly TimeProvider _time;
    private long _lastRead;

    private ContainerClaim(IVersionedStore store, Owner owner, TimeProvider time)
    {
        _store = store;
        _owner = owner;
        _time = time;
        _lastRead = time.GetTimestamp();
    }

    /// <summary>Claims the folder that <paramref name="store"/> opens. Another run's UID or a higher attempt wins over us; the rest loses to us.</summary>
    /// <param name="store">The task's folder.</param>
    /// <param name="uid">UID of the run.</param>
    /// <param name="attempt">Attempt of the task, from 1.</param>
    /// <param name="fences">Blobs that are made, as an empty object, where they are missing: what is not there has no version to replace.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="TaskFailedException">44 when another owner wins.</exception>
    /// <exception cref="StoreException">The container cannot be written.</exception>
    public static ContainerClaim Take(IVersionedStore store, string uid, int attempt, IReadOnlyList<string> fences, TimeProvider time)
    {
        var claim = new ContainerClaim(store, new Owner(uid, attempt, Guid.NewGuid().ToString("n")), time);
        for (int tries = 0; !claim.TrySwapOwner(); tries++)
        {
            claim.RequireFewer(tries, OwnerFile);
        }

        claim.Fence(fences);
        return claim;
    }

    /// <summary>
    /// Runs <paramref name="action"/>, for files on this machine that nobody else sees. Who owns the container is read again now and then, so
    /// that a process which lost it ends before its next checkpoint.
    /// </summary>
    public void WhileOwner(Action action)
    {
        if (_time.GetElapsedTime(Interlocked.Read(ref _lastRead)) > OwnerIsRead)
        {
            RequireOwner();
        }

        action();
    }

    /// <exception cref="TaskFailedException">44 when another one has taken the folder.</exception>
    public void RequireOwner()
    {
        Owner? present = Parse(Wait(_store.ReadAsync(OwnerFile))?.Bytes);
        if (present != _owner)
        {
            throw Superseded(
                present is null ? "'owner.json' is gone or unreadable" : $"attempt {present.Attempt} of run '{present.Uid}' took it over",
                "This attempt changed nothing more; the newer one goes on.");
        }

        Interlocked.Exchange(ref _lastRead, _time.GetTimestamp());
    }

    /// <summary>Writes a blob. The content may be read more than once.</summary>
    public void Write(string name, Stream content)
    {
        long start = content.Position;
        Change(name, version =>
        {
            content.Position = start;
            return Wait(_store.WriteAsync(name, content, version));
        });
    }

    public void Delete(string name) =>
        Change(name, version => version is null || Wait(_store.DeleteAsync(name, version)) ? "" : null);

    public void Dispose()
    {
    }

    private bool TrySwapOwner()
    {
        VersionedBytes? found = Wait(_store.ReadAsync(OwnerFile));
        if (Parse(found?.Bytes) is { } present)
        {
            RequireThatWeWin(present);
        }

        using var content = new MemoryStream(TaskJson.Serialize(_owner));
        return Wait(_store.WriteAsync(OwnerFile, content, found?.Version)) is not null
            || Parse(Wait(_store.ReadAsync(OwnerFile))?.Bytes) == _owner;
    }

    /// <summary>
    /// What earlier attempts know of the folder's versions is wrong from here on. Those that readers begin with come first: whatever they name
    /// was there before them, and so is in the list.
    /// </summary>
    private void Fence(IReadOnlyList<string> fences)
    {
        foreach (string name in fences)
        {
            Change(name, version => version is null ? WriteNothing(name) : Wait(_store.RenewAsync(name, version)));
        }

        foreach (string name in Wait(_store.ListAsync()).Select(blob => blob.Name).Where(IsJson).Except([OwnerFile, .. fences], StringComparer.Ordinal))
        {
            Change(name, version => version is null ? "" : Wait(_store.RenewAsync(name, version)));
        }
    }

    private string? WriteNothing(string name)
    {
        using var nothing = new MemoryStream("{}\n"u8.ToArray());
        return Wait(_store.WriteAsync(name, nothing, replaces: null));
    }

    private static bool IsJson(string name) => name.EndsWith(".json", StringComparison.Ordinal) || name.EndsWith(".jsonl", StringComparison.Ordinal);

    /// <param name="name">Name of the blob.</param>
    /// <param name="change">Given the version to replace (null: none), answers with the new one (empty: it is gone), or null when another was there.</param>
    private void Change(string name, Func<string?, string?> change)
    {
        string? changed = _versions.TryGetValue(name, out string? known) ? change(known) : null;
        for (int tries = 0; changed is null; tries++)
        {
            RequireFewer(tries, name);
            string? version = Wait(_store.FindVersionAsync(name));
            RequireOwner();
            changed = change(version);
        }

        if (changed.Length == 0)
        {
            _versions.TryRemove(name, out _);
        }
        else
        {
            _versions[name] = changed;
        }
    }

    private void RequireFewer(int tries, string name)
    {
        if (tries == MostTries)
        {
            throw new TaskFailedException(
                ExitCodes.StorageOrNetwork,
                $"'{name}' in {_store.Uri} was changed by others {tries} times while this attempt tried to write it. Look for another process that writes there.");
        }
    }

    private void RequireThatWeWin(Owner present)
    {
        if (present.Uid != _owner.Uid)
        {
            throw Superseded($"it belongs to run '{present.Uid}', not to '{_owner.Uid}'", "Give this run an artifacts folder of its own.");
        }

        if (present.Attempt > _owner.Attempt)
        {
            throw Superseded($"attempt {present.Attempt} owns it and this is attempt {_owner.Attempt}", "The newer attempt goes on.");
        }
    }

    private static Owner? Parse(byte[]? json)
    {
        try
        {
            return json is null ? null : TaskJson.Deserialize<Owner>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private TaskFailedException Superseded(string cause, string fix) =>
        new(ExitCodes.Superseded, $"The task's folder {_store.Uri} cannot be used: {cause}. {fix}");

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
