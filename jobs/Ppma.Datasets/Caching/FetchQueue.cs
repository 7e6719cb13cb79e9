using System.Runtime.ExceptionServices;

namespace Ppma.Datasets.Caching;

/// <summary>
/// Decides which shard is fetched when: first those that are waited for, then those that are expected, nearest first, a bounded number at
/// a time, until there is no more room. Thread-safe.
/// </summary>
/// <param name="shardsAtATime">The bound.</param>
/// <param name="time">Says how long ago there was no room.</param>
/// <param name="fetch">
/// Fetches a shard on the thread it is called on. Calls the action when it has its room or waits for others, and answers whether the
/// shard is whole; if not, there was no room.
/// </param>
internal sealed class FetchQueue(int shardsAtATime, TimeProvider time, Func<LocalShard, Action, CancellationToken, bool> fetch) : IAsyncDisposable
{
    /// <summary>How often room is sought for a shard that is read past the cache.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<LocalShard> _demanded = [];
    private readonly HashSet<LocalShard> _failed = [];
    private readonly Dictionary<LocalShard, DatasetFormatException> _wrong = [];
    private readonly Dictionary<LocalShard, Task> _fetching = [];
    private IReadOnlyList<LocalShard> _expected = [];
    private bool _isFull;
    private bool _isSeekingRoom;
    private bool _isDisposed;
    private long? _passedAt;

    /// <summary>Whether someone waited for room in vain a moment ago: then nobody else waits for it, shard by shard.</summary>
    public bool HasPassedLately
    {
        get
        {
            lock (_lock)
            {
                return _passedAt is { } at && time.GetElapsedTime(at) < Lately;
            }
        }
    }

    /// <summary>Has a shard fetched as soon as it can be, and waits until bytes of it may be there.</summary>
    /// <returns>True: look again. False: there is no room for the shard now, read past the cache.</returns>
    public Task<bool> DemandAsync(LocalShard shard, long offset, int length)
    {
        TimeSpan? passedFor = shard.PassedFor;
        Task<bool> there = passedFor is null ? shard.WaitAsync(offset, length) : Task.FromResult(false);
        lock (_lock)
        {
            if (_isDisposed)
            {
                shard.Fail(new ObjectDisposedException(nameof(ShardCache)));
            }
            else if ((passedFor is null ? !there.IsCompleted : passedFor >= Lately) && !_fetching.ContainsKey(shard) && !_demanded.Contains(shard))
            {
                _demanded.Add(shard);
                Schedule();
            }
        }

        return there;
    }

    /// <summary>Fetches these ahead, in this order, instead of those expected before.</summary>
    public void Expect(IReadOnlyList<LocalShard> shards)
    {
        lock (_lock)
        {
            _expected = shards;
            _isFull = false;
            Schedule();
        }
    }

    /// <summary>Ends when every shard that was read from while it arrived is whole or has failed.</summary>
    public Task WhenCheckedAsync()
    {
        lock (_lock)
        {
            return Task.WhenAll([.. _fetching.Where(fetch => fetch.Key.IsUsedUnchecked).Select(fetch => fetch.Value)]);
        }
    }

    /// <summary>Throws when a shard that was read from while it arrived has other bytes than the index says, and was not had right since.</summary>
    public void ThrowIfWrong()
    {
        lock (_lock)
        {
            if (_wrong.FirstOrDefault(shard => shard.Key.IsUsedUnchecked) is { Value: { } wrong })
            {
                ExceptionDispatchInfo.Throw(wrong);
            }
        }
    }

    /// <summary>Stops all fetches. Who waits for a shard is told.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_fetching.Values.ToArray()).ConfigureAwait(false);
        foreach (LocalShard shard in _demanded)
        {
            shard.Fail(new ObjectDisposedException(nameof(ShardCache)));
        }

        _stopping.Dispose();
    }

    /// <summary>Starts what should be fetched. Under the lock.</summary>
    private void Schedule()
    {
        // One asks for room after the other, or a farther one could take the room of a nearer.
        while (!_isSeekingRoom && !_isDisposed && _fetching.Count < shardsAtATime && Next() is { } next)
        {
            _isSeekingRoom = true;
            _demanded.Remove(next);
            _failed.Remove(next);
            _fetching.Add(
                next, Task.Factory.StartNew(() => Run(next), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        }
    }

    private LocalShard? Next()
    {
        // It may have come between a read's look and its demand.
        _demanded.RemoveAll(shard => shard.IsChecked);
        return _demanded.Find(shard => !_fetching.ContainsKey(shard))
            ?? (_isFull ? null : _expected.FirstOrDefault(shard => !shard.IsChecked && !_fetching.ContainsKey(shard) && !_failed.Contains(shard)));
    }

    private void Run(LocalShard shard)
    {
        bool isWhole = false, hasFailed = false, hasSettled = false;
        DatasetFormatException? wrong = null;
        try
        {
            isWhole = fetch(shard, Settled, _stopping.Token);
        }
        catch (Exception problem)
        {
            // Told to those who wait. One that was only expected is tried again when it is needed; but who read the right bytes among
            // wrong ones, while they arrived, may never come back.
            hasFailed = true;
            wrong = problem as DatasetFormatException;
            shard.Abandon();
            shard.Fail(_stopping.IsCancellationRequested ? new ObjectDisposedException(nameof(ShardCache)) : problem);
        }

        lock (_lock)
        {
            _isSeekingRoom &= hasSettled;
            if (!_isDisposed)
            {
                _fetching.Remove(shard);
            }

            if (wrong is not null)
            {
                _wrong[shard] = wrong;
            }
            else if (isWhole)
            {
                _wrong.Remove(shard);
            }

            if (hasFailed)
            {
                _failed.Add(shard);
            }
            else if (!isWhole)
            {
                _isFull = true;
                _passedAt = shard.PassedFor is null ? _passedAt : time.GetTimestamp();
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
