using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Caching;

/// <summary>
/// The folder of a cache, shared by processes. It is changed only under its lock, and holds whole shards, which were hashed before they
/// got their names, and arriving ones, which are locked by who fetches them: one that nobody locks is what a killed process left.
/// Thread-safe.
/// </summary>
internal sealed class CacheFolder
{
    private const int Version = 1;
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);

    private readonly FolderLock _lock;
    private readonly Func<string, long> _freeBytes;
    private readonly StreamMetrics _metrics;

    private CacheFolder(string path, Func<string, long> freeBytes, StreamMetrics metrics)
    {
        Path = path;
        _lock = new FolderLock(System.IO.Path.Combine(path, CacheFileName.Lock));
        _freeBytes = freeBytes;
        _metrics = metrics;
    }

    public string Path { get; }

    /// <summary>Bytes free on the folder's disk.</summary>
    public long FreeBytes => _freeBytes(Path);

    /// <summary>Opens a folder, and makes it a cache where it is new or empty.</summary>
    /// <exception cref="ShardCacheException">It holds something else, or cannot be used.</exception>
    public static CacheFolder Open(string folder, Func<string, long> freeBytes, StreamMetrics metrics)
    {
        string path = System.IO.Path.GetFullPath(folder);
        try
        {
            Directory.CreateDirectory(path);
            string marker = System.IO.Path.Combine(path, CacheFileName.Marker);
            if (!File.Exists(marker))
            {
                string? stranger = Directory.EnumerateFileSystemEntries(path).Select(System.IO.Path.GetFileName).FirstOrDefault(name => !CacheFileName.IsOfSetUp(name!));

                // Another process may have set it up between the two looks.
                if (stranger is not null && !File.Exists(marker))
                {
                    throw new ShardCacheException(
                        ShardCacheFault.Foreign, path, $"it is no cache and not empty: it holds '{stranger}'", "Name an empty or a new folder");
                }

                DurableFile.Write(marker, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, int> { ["ppmaCache"] = Version }));
            }

            RequireVersion(path, File.ReadAllBytes(marker));
            return new CacheFolder(path, freeBytes, metrics);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Inaccessible(path, problem);
        }
    }

    /// <summary>Removes what killed processes left.</summary>
    /// <returns>Bytes that the cache takes now.</returns>
    public long Sweep()
    {
        using FolderLock.Held? held = _lock.TryEnter(LockPatience);
        return held is null ? Files().Sum(file => file.Bytes) : Scan().Sum(file => file.Bytes);
    }

    /// <summary>Opens a whole shard and keeps it from being removed; null when it is not there, or of a wrong size.</summary>
    public SafeFileHandle? TryOpen(CacheKey key)
    {
        SafeFileHandle? file = LockedFile.TryOpenShared(PathOf(key));
        if (file is not null && RandomAccess.GetLength(file) != key.Bytes)
        {
            file.Dispose();
            Remove(key);
            return null;
        }

        return file;
    }

    /// <summary>Takes room for a shard, and removes others for it where the limit asks for that.</summary>
    /// <exception cref="ShardCacheException">The disk is full though the limit is not reached.</exception>
    public Reservation TryReserve(CacheKey key, long limitBytes, EvictionOrder order, bool besidePeers, CancellationToken cancellationToken)
    {
        using FolderLock.Held? held = _lock.TryEnter(LockPatience, cancellationToken);
        if (held is null)
        {
            return new Reservation(ReservationOutcome.NoRoom);
        }

        List<CacheFile> files = Scan();
        foreach (CacheFile file in files.Where(file => file.Key == key.Name))
        {
            if (!file.IsArriving)
            {
                return new Reservation(ReservationOutcome.Present);
            }

            if (!besidePeers)
            {
                return new Reservation(ReservationOutcome.Peer, Path: file.Path);
            }
        }

        IEnumerable<CacheFile> candidates = order.Candidates(files.Where(file => !file.IsArriving));
        long overLimit = files.Sum(file => file.Bytes) + key.Bytes - limitBytes;
        if (!TryEvict(candidates, overLimit, order))
        {
            return new Reservation(ReservationOutcome.NoRoom);
        }

        // The disk may be full in spite of the limit, when others fill it.
        if (FreeBytes < key.Bytes && !TryEvict(candidates.Where(file => File.Exists(file.Path)), key.Bytes - FreeBytes, order))
        {
            throw DiskFull(key.Bytes, limitBytes);
        }

        string path = System.IO.Path.Combine(Path, CacheFileName.OfArriving(key));
        try
        {
            SafeFileHandle created = LockedFile.CreateExclusive(path, key.Bytes);
            Measure();
            return new Reservation(ReservationOutcome.Room, created, path);
        }
        catch (IOException problem) when (FreeBytes < key.Bytes || DurableFile.IsDiskFull(problem))
        {
            throw DiskFull(key.Bytes, limitBytes, problem);
        }
    }

    public ShardCacheException DiskFull(long bytes, long limitBytes, Exception? cause = null) => new(
        ShardCacheFault.DiskFull,
        Path,
        $"a shard of {bytes} bytes does not fit on the disk, which has {FreeBytes} bytes free, though the limit allows {limitBytes} bytes",
        "Free space on the disk, or lower the cache's limit",
        cause);

    /// <summary>Gives a shard that was fetched and checked its name, durably.</summary>
    public void Publish(CacheKey key, SafeFileHandle file, string arriving, DateTime now, CancellationToken cancellationToken)
    {
        RandomAccess.FlushToDisk(file);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using FolderLock.Held? held = _lock.TryEnter(LockPatience, cancellationToken);
            if (held is not null)
            {
                File.SetLastWriteTimeUtc(file, now);
                File.Move(arriving, PathOf(key), overwrite: true);
                LockedFile.Share(file);
                break;
            }
        }

        DurableFile.FlushFolder(Path);
    }

    /// <summary>Removes an arriving shard of this process.</summary>
    public void Discard(string arriving)
    {
        File.Delete(arriving);
        Measure();
    }

    /// <summary>Removes a shard whose bytes are wrong; who reads it just now still can.</summary>
    public void Remove(CacheKey key)
    {
        using FolderLock.Held? held = _lock.TryEnter(LockPatience);
        File.Delete(PathOf(key));
        Measure();
    }

    public ShardCacheException Inaccessible(Exception cause) => Inaccessible(Path, cause);

    private static ShardCacheException Inaccessible(string path, Exception cause) => new(
        ShardCacheFault.Inaccessible,
        path,
        $"it cannot be used ({cause.Message.TrimEnd('.')})",
        "Check its disk and that this user may write there, or name another folder",
        cause);

    private static void RequireVersion(string path, byte[] marker)
    {
        int version;
        try
        {
            version = JsonSerializer.Deserialize<Dictionary<string, int>>(marker)?.GetValueOrDefault("ppmaCache") ?? 0;
        }
        catch (JsonException)
        {
            version = 0;
        }

        if (version != Version)
        {
            throw new ShardCacheException(
                ShardCacheFault.Foreign,
                path,
                $"its {CacheFileName.Marker} does not say that it is a cache of version {Version}",
                "Name another folder, or remove this one if nothing uses it");
        }
    }

    private string PathOf(CacheKey key) => System.IO.Path.Combine(Path, CacheFileName.OfShard(key));

    /// <summary>All files of the cache; those that killed processes left are removed. Under the lock.</summary>
    private List<CacheFile> Scan()
    {
        List<CacheFile> files = [.. Files()];
        files.RemoveAll(file => file.IsArriving && TryRemove(file));
        return files;
    }

    private IEnumerable<CacheFile> Files()
    {
        foreach (FileInfo file in new DirectoryInfo(Path).EnumerateFiles())
        {
            string? key;
            bool isArriving = false;
            if ((CacheFileName.IsShard(file.Name, out key) || (isArriving = CacheFileName.IsArriving(file.Name, out key))) && file.Exists)
            {
                yield return new CacheFile(file.FullName, key!, file.Length, file.LastWriteTimeUtc, isArriving);
            }
        }
    }

    /// <summary>Removes a file that nobody holds open.</summary>
    private static bool TryRemove(CacheFile file)
    {
        using SafeFileHandle? locked = LockedFile.TryOpenExclusive(file.Path);
        if (locked is null)
        {
            return !File.Exists(file.Path);
        }

        File.Delete(file.Path);
        return true;
    }

    /// <summary>Removes shards until so many bytes are gone; none when there are not enough that nobody uses.</summary>
    private bool TryEvict(IEnumerable<CacheFile> candidates, long bytes, EvictionOrder order)
    {
        var locked = new List<(CacheFile Shard, SafeFileHandle Handle)>();
        try
        {
            foreach (CacheFile candidate in candidates.TakeWhile(_ => bytes > 0))
            {
                order.Release(candidate.Key);
                if (LockedFile.TryOpenExclusive(candidate.Path) is { } handle)
                {
                    locked.Add((candidate, handle));
                    bytes -= candidate.Bytes;
                }
            }

            if (bytes > 0)
            {
                return false;
            }

            foreach ((CacheFile shard, _) in locked)
            {
                File.Delete(shard.Path);
                order.Removed(shard.Key);
                _metrics.CacheEvictions.Inc();
            }

            return true;
        }
        finally
        {
            locked.ForEach(candidate => candidate.Handle.Dispose());
        }
    }

    private void Measure() => _metrics.CacheBytes.Set(Files().Sum(file => file.Bytes));
}
