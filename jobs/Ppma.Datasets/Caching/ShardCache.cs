using System.Collections.Concurrent;
using System.Diagnostics;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Ranges;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Caching;

/// <summary>
/// Whole shards of remote data sets on a local disk, under a byte limit, shared by all data sets and processes that name the same folder.
/// Shards are known by their content, hashed while they arrive and again before a process first uses what another one left.
/// Shards that are expected are fetched ahead; what will not be used soon is removed for them, least recently used first.
/// Thread-safe. One for a process; disposing it stops what is being fetched.
/// </summary>
public sealed class ShardCache : IAsyncDisposable
{
    private const int LargestOpen = 256;

    /// <summary>How often room is sought for a shard that is read past the cache.</summary>
    private static readonly TimeSpan SeekRoomAgain = TimeSpan.FromSeconds(5);

    private readonly ShardCacheOptions _options;
    private readonly CacheFolder _folder;
    private readonly ConcurrentDictionary<string, LocalShard> _shards = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<object, LocalShard[]> _expectations = [];
    private readonly List<LocalShard> _open = [];
    private readonly List<LocalShard> _demanded = [];
    private readonly HashSet<LocalShard> _failed = [];
    private readonly Dictionary<LocalShard, Task> _fetching = [];
    private LocalShard[] _expected = [];

    // Replaced as a whole, and read without the lock.
    private volatile Dictionary<string, int> _distances = [];
    private bool _isFull;
    private bool _isSeekingRoom;
    private long? _passedAt;
    private long _directBytesLeft;

    private ShardCache(ShardCacheOptions options, CacheFolder folder, long limitBytes)
    {
        _options = options;
        _folder = folder;
        LimitBytes = limitBytes;
        _directBytesLeft = options.DirectReadBytes;
    }

    /// <summary>Full path of the folder.</summary>
    public string Folder => _folder.Path;

    /// <summary>Bytes that the folder takes at most.</summary>
    public long LimitBytes { get; }

    /// <summary>Opens a folder as a cache, sets it up where it is new or empty, and removes what killed processes left in it.</summary>
    /// <exception cref="ShardCacheException">It holds files of others, cannot be used, or its disk cannot hold the limit.</exception>
    public static ShardCache Open(ShardCacheOptions options)
    {
        var folder = CacheFolder.Open(options.Folder, options.FreeBytes, options.Metrics);
        long ownBytes = folder.Sweep();
        options.Metrics.CacheBytes.Set(ownBytes);
        long room = folder.FreeBytes + ownBytes;
        long limitBytes = options.LimitBytes ?? room / 2;
        if (limitBytes > room)
        {
            throw new ShardCacheException(
                ShardCacheFault.DiskFull,
                folder.Path,
                $"the limit is {limitBytes} bytes, but the disk has {folder.FreeBytes} bytes free and the cache takes {ownBytes} of it, {room} bytes together",
                $"Free space on the disk, or lower the limit to {room} bytes or less");
        }

        return new ShardCache(options, folder, limitBytes);
    }

    /// <summary>Refuses, before anything is read, what would not fit.</summary>
    /// <param name="bytes">What must be at hand at once.</param>
    /// <param name="purpose">What needs it, for the message: "two shuffle blocks of 'file:///…'".</param>
    /// <exception cref="ShardCacheException">The limit is below that.</exception>
    public void Require(long bytes, string purpose)
    {
        if (bytes > LimitBytes)
        {
            throw new ShardCacheException(
                ShardCacheFault.LimitTooSmall,
                Folder,
                $"the limit is {LimitBytes} bytes, but {purpose} need {bytes} bytes at once ({_folder.FreeBytes} bytes are free on the disk)",
                $"Raise the cache's limit to {bytes} bytes or more, or use smaller shards or shuffle blocks");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        Task[] running;
        lock (_lock)
        {
            _demanded.Clear();
            _expected = [];
            running = [.. _fetching.Values];
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(running).ConfigureAwait(false);
        foreach (LocalShard shard in _shards.Values)
        {
            shard.Fail(new ObjectDisposedException(nameof(ShardCache)));
            shard.Close();
        }

        _stopping.Dispose();
    }

    /// <summary>The state of a shard, the same for all who name the same content; null when its content has no name.</summary>
    internal LocalShard? Shard(IRangeStore store, ShardEntry shard) => CacheKey.Of(store.Uri, shard) is { } key
        ? _shards.GetOrAdd(key.Name, _ => new LocalShard(key, store, shard.Name, _options.TimeProvider))
        : null;

    /// <summary>Whether a read of so many bytes may go straight to the store, because the process has only just begun.</summary>
    internal bool TryReadDirectly(int bytes) =>
        Volatile.Read(ref _directBytesLeft) >= bytes && Interlocked.Add(ref _directBytesLeft, -bytes) >= 0;

    /// <summary>Opens the file of a shard again that was closed.</summary>
    internal bool TryReopen(LocalShard shard)
    {
        if (!shard.IsChecked)
        {
            return false;
        }

        if (shard.IsOpen)
        {
            return true;
        }

        if (_folder.TryOpen(shard.Key) is not { } file)
        {
            shard.Lose();
            return false;
        }

        shard.Reopen(file);
        Keep(shard);
        return true;
    }

    /// <summary>Has a shard fetched now, and waits until bytes of it may be there.</summary>
    /// <returns>True: look again. False: there is no room for the shard now, read past the cache.</returns>
    internal Task<bool> DemandAsync(LocalShard shard, long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
        TimeSpan? passedFor = shard.PassedFor;
        Task<bool> there = passedFor is null ? shard.WaitAsync(offset, length) : Task.FromResult(false);
        if ((passedFor ?? TimeSpan.MaxValue) >= SeekRoomAgain && !there.IsCompletedSuccessfully)
        {
            lock (_lock)
            {
                if (!_demanded.Contains(shard))
                {
                    _demanded.Add(shard);
                }

                Schedule();
            }
        }

        return there;
    }

    /// <summary>Says what one reader will use next, nearest first.</summary>
    internal void Expect(object reader, IEnumerable<LocalShard> shards)
    {
        LocalShard[] needed;
        lock (_lock)
        {
            _expectations[reader] = [.. shards.Distinct()];
            if (_expectations[reader].Length == 0)
            {
                _expectations.Remove(reader);
            }

            _expected = [.. Interleave(_expectations.Values).Distinct()];
            _distances = _expected.Select((shard, i) => KeyValuePair.Create(shard.Key.Name, i)).ToDictionary();
            _isFull = false;
            _open.RemoveAll(CloseUnlessExpected);
            needed = _expected;
        }

        // An open file is one that other processes leave here.
        foreach (LocalShard shard in needed.Take(LargestOpen))
        {
            TryReopen(shard);
        }

        lock (_lock)
        {
            Schedule();
        }
    }

    private static IEnumerable<LocalShard> Interleave(IReadOnlyCollection<LocalShard[]> expectations)
    {
        int longest = expectations.Select(shards => shards.Length).DefaultIfEmpty().Max();
        return Enumerable.Range(0, longest).SelectMany(i => expectations.Where(shards => i < shards.Length).Select(shards => shards[i]));
    }

    private bool CloseUnlessExpected(LocalShard shard)
    {
        if (!_distances.ContainsKey(shard.Key.Name))
        {
            shard.Close();
        }

        return !shard.IsOpen;
    }

    private void Keep(LocalShard opened)
    {
        lock (_lock)
        {
            _open.Remove(opened);
            _open.Add(opened);
            if (_open.Count > LargestOpen)
            {
                LocalShard oldest = _open.MinBy(shard => shard.TouchedTicks)!;
                oldest.Close();
                _open.Remove(oldest);
            }
        }
    }

    private EvictionOrder OrderFor(LocalShard wanted)
    {
        Dictionary<string, int> distances = _distances;
        return new EvictionOrder(
            Distance(wanted.Key.Name), Distance, key => _shards.GetValueOrDefault(key)?.Close(), key => _shards.GetValueOrDefault(key)?.Lose());

        int Distance(string key) =>
            _shards.GetValueOrDefault(key)?.HasWaiters == true ? -1 : distances.GetValueOrDefault(key, int.MaxValue);
    }

    /// <summary>Starts what should be fetched. Under the lock.</summary>
    private void Schedule()
    {
        // One asks for room after the other, or a farther one could take the room of a nearer.
        while (!_isSeekingRoom && _fetching.Count < _options.ShardsAtATime && !_stopping.IsCancellationRequested && Next() is { } next)
        {
            _isSeekingRoom = true;
            _demanded.Remove(next);
            _failed.Remove(next);
            _fetching.Add(
                next, Task.Factory.StartNew(() => Fetch(next), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        }
    }

    /// <summary>First what is waited for, then what is expected.</summary>
    private LocalShard? Next()
    {
        // It may have come between a read's look and its demand.
        _demanded.RemoveAll(shard => shard.IsChecked);
        return _demanded.Find(shard => !_fetching.ContainsKey(shard))
            ?? (_isFull ? null : Array.Find(_expected, shard => !shard.IsChecked && !_fetching.ContainsKey(shard) && !_failed.Contains(shard)));
    }

    /// <summary>Who has waited for room in vain does not wait for it shard by shard.</summary>
    private TimeSpan RoomPatience()
    {
        lock (_lock)
        {
            return _passedAt is { } at && Stopwatch.GetElapsedTime(at) < SeekRoomAgain ? TimeSpan.Zero : _options.RoomPatience;
        }
    }

    private void Fetch(LocalShard shard)
    {
        bool isFull = false, hasFailed = false, hasSettled = false;
        try
        {
            isFull = !new ShardFetch(shard, _folder, _options, LimitBytes, () => OrderFor(shard), RoomPatience(), Settled).Run(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            shard.Abandon();
            shard.Fail(new ObjectDisposedException(nameof(ShardCache)));
        }
        catch (Exception problem)
        {
            // Told to those who wait. One that was only expected is tried again when it is needed.
            hasFailed = true;
            shard.Abandon();
            shard.Fail(problem is UnauthorizedAccessException or IOException and not StoreException ? _folder.Inaccessible(problem) : problem);
        }

        if (shard.IsOpen)
        {
            Keep(shard);
        }

        lock (_lock)
        {
            _isSeekingRoom &= hasSettled;
            _fetching.Remove(shard);
            if (isFull)
            {
                _isFull = true;
                _passedAt = shard.PassedFor is null ? _passedAt : Stopwatch.GetTimestamp();
            }

            if (hasFailed)
            {
                _failed.Add(shard);
            }

            if (shard.HasWaiters && !_demanded.Contains(shard))
            {
                _demanded.Add(shard);
            }

            Schedule();
        }

        void Settled()
        {
            lock (_lock)
            {
                _isSeekingRoom &= hasSettled;
                hasSettled = true;
                Schedule();
            }
        }
    }
}
