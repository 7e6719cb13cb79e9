using System.Collections.Concurrent;
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
    private readonly ShardCacheOptions _options;
    private readonly CacheFolder _folder;
    private readonly ConcurrentDictionary<string, LocalShard> _shards = new(StringComparer.Ordinal);
    private readonly OpenShards _open = new(limit: 256);
    private readonly FetchQueue _queue;
    private readonly Lock _lock = new();
    private readonly Dictionary<object, LocalShard[]> _expectations = [];

    // How many shards are used before each; replaced as a whole, and read without the lock.
    private volatile Dictionary<string, int> _distances = [];
    private long _directBytesLeft;

    private ShardCache(ShardCacheOptions options, CacheFolder folder, long limitBytes)
    {
        _options = options;
        _folder = folder;
        LimitBytes = limitBytes;
        _directBytesLeft = options.DirectReadBytes;
        _queue = new FetchQueue(options.ShardsAtATime, options.TimeProvider, Fetch);
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

        options.Metrics.CacheLimitBytes.Set(limitBytes);
        return new ShardCache(options, folder, limitBytes);
    }

    /// <summary>Refuses, before anything is read, what would not fit.</summary>
    /// <param name="bytes">What must be at hand at once.</param>
    /// <param name="purpose">What needs it, for the message: "two shuffle blocks of 'file:///…'".</param>
    /// <exception cref="ShardCacheException">The limit is below that, or the disk is too full for it.</exception>
    public void Require(long bytes, string purpose)
    {
        if (bytes <= LimitBytes)
        {
            return;
        }

        // Nobody set the limit: what others have put on the disk made it so small, and they may take it away again.
        if (_options.LimitBytes is null && bytes <= _options.DiskBytes(Folder) / 2)
        {
            throw new ShardCacheException(
                ShardCacheFault.DiskFull,
                Folder,
                $"{purpose} need {bytes} bytes at once, and the disk of {_options.DiskBytes(Folder)} bytes has {_folder.FreeBytes} bytes free, of which the cache takes half at most",
                "Free space on the disk, or give the cache a disk of its own");
        }

        throw new ShardCacheException(
            ShardCacheFault.LimitTooSmall,
            Folder,
            $"the limit is {LimitBytes} bytes, but {purpose} need {bytes} bytes at once ({_folder.FreeBytes} bytes are free on the disk)",
            $"Raise the cache's limit to {bytes} bytes or more, or use smaller shards or shuffle blocks");
    }

    /// <summary>
    /// Waits until all shards that were read from while they arrived are whole and have their hashes: what was computed from them may be
    /// trusted only then.
    /// </summary>
    /// <exception cref="DatasetFormatException">A shard has another SHA-256 than its index says, though it was fetched twice.</exception>
    public async Task EnsureCheckedAsync(CancellationToken cancellationToken = default)
    {
        await _queue.WhenCheckedAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        _queue.ThrowIfWrong();
    }

    public async ValueTask DisposeAsync()
    {
        await _queue.DisposeAsync().ConfigureAwait(false);
        _open.CloseUnless(_ => false);
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
        _open.Add(shard);
        return true;
    }

    /// <inheritdoc cref="FetchQueue.DemandAsync"/>
    internal Task<bool> DemandAsync(LocalShard shard, long offset, int length) => _queue.DemandAsync(shard, offset, length);

    /// <summary>Says what one reader will use next, nearest first; several readers are served in turn.</summary>
    internal void Expect(object reader, IEnumerable<LocalShard> shards)
    {
        lock (_lock)
        {
            _expectations[reader] = [.. shards];
            LocalShard[] expected = [.. Interleave(_expectations.Values).Distinct()];
            if (_expectations[reader].Length == 0)
            {
                _expectations.Remove(reader);
            }

            Dictionary<string, int> distances = expected.Select((shard, i) => KeyValuePair.Create(shard.Key.Name, i)).ToDictionary();
            _distances = distances;
            _open.CloseUnless(shard => distances.ContainsKey(shard.Key.Name));

            // An open file is one that other processes leave here.
            foreach (LocalShard shard in expected.Take(_open.Limit))
            {
                TryReopen(shard);
            }

            _queue.Expect(expected);
        }
    }

    private static IEnumerable<LocalShard> Interleave(IReadOnlyCollection<LocalShard[]> expectations)
    {
        int longest = expectations.Max(shards => shards.Length);
        return Enumerable.Range(0, longest).SelectMany(i => expectations.Where(shards => i < shards.Length).Select(shards => shards[i]));
    }

    private bool Fetch(LocalShard shard, Action settled, CancellationToken cancellationToken)
    {
        TimeSpan roomPatience = _queue.HasPassedLately ? TimeSpan.Zero : _options.RoomPatience;
        try
        {
            bool isWhole = new ShardFetch(shard, _folder, _options, LimitBytes, () => OrderFor(shard), roomPatience, settled).Run(cancellationToken);
            if (shard.IsOpen)
            {
                _open.Add(shard);
            }

            return isWhole;
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException and not StoreException)
        {
            throw _folder.Inaccessible(problem);
        }
    }

    private EvictionOrder OrderFor(LocalShard wanted)
    {
        Dictionary<string, int> distances = _distances;

        // What is fetched though it is not expected was asked for by a read: it comes before all others that are not.
        int wantedDistance = wanted.HasWaiters ? -1 : distances.GetValueOrDefault(wanted.Key.Name, int.MaxValue - 1);
        return new EvictionOrder(
            wantedDistance, Distance, key => _shards.GetValueOrDefault(key)?.Close(), key => _shards.GetValueOrDefault(key)?.Lose());

        int Distance(string key) =>
            _shards.GetValueOrDefault(key)?.HasWaiters == true ? -1 : distances.GetValueOrDefault(key, int.MaxValue);
    }
}
