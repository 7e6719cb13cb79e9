using System.Text.Json;
using Ppma.Api.Tasks;
using Ppma.Datasets.Stores;

namespace Ppma.Worker.Artifacts;

/// <summary>
/// One process's claim on a task's folder. The rule is compare-and-swap on <c>owner.json</c>: another UID or a
/// higher attempt wins over us, we win over a lower attempt, and of two processes with the same attempt the
/// one that lives keeps it.
/// </summary>
/// <remarks>
/// Two kinds of lock, both released by the kernel when their process dies: <c>.claim/lock</c> is held only while
/// <c>owner.json</c> is compared and swapped or a file is published; <c>.claim/attempt-N</c> is held for
/// the life of the process, so that the rest of a killed one can be told from a process that still runs.
/// </remarks>
internal sealed class OwnerClaim : IClaim
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private readonly Owner _owner;
    private readonly FileStream _alive;

    private OwnerClaim(string folder, Owner owner, FileStream alive)
    {
        _folder = folder;
        _owner = owner;
        _alive = alive;
    }

    public int Attempt => _owner.Attempt;

    /// <summary>Claims <paramref name="folder"/>, which is made when it is missing.</summary>
    /// <exception cref="TaskFailedException">44 when another owner wins; 40 when the folder cannot be written.</exception>
    public static OwnerClaim Take(string folder, string uid, int attempt)
    {
        var owner = new Owner(uid, attempt, Guid.NewGuid().ToString("n"));
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, ".claim"));
            using FileStream swapping = Lock(folder);
            Owner? present = Read(folder);
            if (present is not null)
            {
                RequireThatWeWin(folder, present, owner);
            }

            FileStream alive = TryOpenExclusive(Path.Combine(folder, ".claim", $"attempt-{attempt}"))
                ?? throw Superseded(folder, $"another process is running attempt {attempt}", "Wait for it, or stop it.");
            try
            {
                DurableFile.Write(OwnerFile(folder), TaskJson.Serialize(owner));
            }
            catch
            {
                alive.Dispose();
                throw;
            }

            return new OwnerClaim(folder, owner, alive);
        }
        catch (Exception e) when (StorageFailure.Explains(e))
        {
            throw StorageFailure.ToTaskFailure(e, OwnerFile(folder));
        }
    }

    /// <summary>Runs <paramref name="action"/> while no other process can take the folder.</summary>
    /// <exception cref="TaskFailedException">44 when another one has taken it; 40 when the disk refuses.</exception>
    public void WhileOwner(Action action)
    {
        try
        {
            using FileStream swapping = Lock(_folder);
            Owner? present = Read(_folder);
            if (present != _owner)
            {
                throw Superseded(
                    _folder,
                    present is null ? "'owner.json' is gone or unreadable" : $"attempt {present.Attempt} of run '{present.Uid}' took it over",
                    "This attempt wrote nothing more; the newer one goes on.");
            }

            action();
        }
        catch (Exception e) when (StorageFailure.Explains(e))
        {
            throw StorageFailure.ToTaskFailure(e, OwnerFile(_folder));
        }
    }

    public void Dispose() => _alive.Dispose();

    private static void RequireThatWeWin(string folder, Owner present, Owner ours)
    {
        if (present.Uid != ours.Uid)
        {
            throw Superseded(
                folder, $"it belongs to run '{present.Uid}', not to '{ours.Uid}'", "Give this run an artifacts folder of its own.");
        }

        if (present.Attempt > ours.Attempt)
        {
            throw Superseded(
                folder, $"attempt {present.Attempt} owns it and this is attempt {ours.Attempt}", "The newer attempt goes on.");
        }
    }

    private static Owner? Read(string folder)
    {
        try
        {
            return TaskJson.Deserialize<Owner>(File.ReadAllBytes(OwnerFile(folder)));
        }
        catch (Exception e) when (e is FileNotFoundException or JsonException)
        {
            return null;
        }
    }

    private static FileStream Lock(string folder)
    {
        string path = Path.Combine(folder, ".claim", "lock");
        FileStream? stream = null;
        return SpinWait.SpinUntil(() => (stream = TryOpenExclusive(path)) is not null, LockPatience)
            ? stream!
            : throw new TaskFailedException(
                ExitCodes.StorageOrNetwork,
                $"'{path}' has been locked for {LockPatience.TotalSeconds:0} s. Stop the process that holds it (see 'fuser {path}').");
    }

    /// <summary>Null when another process holds the file.</summary>
    private static FileStream? TryOpenExclusive(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (IsSharingViolation(e))
        {
            return null;
        }
    }

    // EWOULDBLOCK of flock(2), which .NET takes for FileShare.None.
    private static bool IsSharingViolation(IOException e) => e.HResult is 11 or unchecked((int)0x80070020);

    private static string OwnerFile(string folder) => Path.Combine(folder, "owner.json");

    private static TaskFailedException Superseded(string folder, string cause, string fix) =>
        new(ExitCodes.Superseded, $"The task's folder '{folder}' cannot be used: {cause}. {fix}");
}
