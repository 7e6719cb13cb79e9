namespace Ppma.Controllers.Queueing;

/// <summary>
/// Keys that want to be looked at. A key that is added again before its turn has one turn; one that is added during its turn has another one
/// after it; no key has two turns at once. Turns come in the order of asking. To take a key settles its delayed turns: whoever looks at it
/// now says anew when to look again.
/// </summary>
internal sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Queue<TKey> _waiting = new();
    private readonly Dictionary<TKey, long> _waitingSince = [];
    private readonly Dictionary<TKey, long> _workingSince = [];
    private readonly DelayedKeys<TKey> _delayed = new();
    private readonly Dictionary<TKey, int> _failures = [];
    private readonly SemaphoreSlim _available = new(0);
    private readonly RetryDelay _retryDelay;
    private readonly WorkQueueMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private bool _closed;

    public WorkQueue(RetryDelay retryDelay, WorkQueueMetrics metrics, TimeProvider time)
    {
        (_retryDelay, _metrics, _time) = (retryDelay, metrics, time);
        metrics.Running = Running;
        _timer = time.CreateTimer(_ => AddDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(TKey key)
    {
        lock (_lock)
        {
            AddLocked(key);
        }
    }

    /// <summary>Adds the key after a time, or earlier where an earlier time was asked for.</summary>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            _delayed.Add(key, _time.GetTimestamp() + (long)(delay.TotalSeconds * _time.TimestampFrequency));
            SetTimer();
        }
    }

    /// <summary>Adds the key after a delay that doubles with each failure since it was last forgotten. There is no last try.</summary>
    /// <returns>The delay.</returns>
    public TimeSpan Retry(TKey key)
    {
        lock (_lock)
        {
            var failures = _failures.GetValueOrDefault(key);
            _failures[key] = failures + 1;
            var delay = _retryDelay.After(failures);
            AddAfter(key, delay);
            _metrics.Retried();
            return delay;
        }
    }

    /// <summary>The key went well: its next failure is its first.</summary>
    public void Forget(TKey key)
    {
        lock (_lock)
        {
            _failures.Remove(key);
        }
    }

    /// <summary>Waits for the next key and begins its turn, which <see cref="Done"/> ends.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or the queue is closed.</exception>
    public async ValueTask<TKey> TakeAsync(CancellationToken cancellationToken)
    {
        await _available.WaitAsync(cancellationToken);
        lock (_lock)
        {
            if (!_waiting.TryDequeue(out var key))
            {
                throw new OperationCanceledException("the queue is closed");
            }

            _waitingSince.Remove(key, out var since);
            var now = _time.GetTimestamp();
            _workingSince.Add(key, now);
            _delayed.Remove(key);
            _metrics.Depth(_waiting.Count);
            _metrics.Taken(_time.GetElapsedTime(since, now));
            return key;
        }
    }

    /// <summary>Ends the key's turn.</summary>
    public void Done(TKey key)
    {
        lock (_lock)
        {
            _workingSince.Remove(key, out var since);
            _metrics.Done(_time.GetElapsedTime(since));
            if (_waitingSince.ContainsKey(key))
            {
                MakeAvailable(key);
            }
        }
    }

    private List<TimeSpan> Running()
    {
        lock (_lock)
        {
            return _workingSince.Values.Select(since => _time.GetElapsedTime(since)).ToList();
        }
    }

    /// <summary>Forgets what waits and takes nothing more; turns that have begun may end.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            _waiting.Clear();
            _waitingSince.Clear();
            _delayed.Clear();
            _failures.Clear();
            _metrics.Depth(0);
        }
    }

    public void Dispose()
    {
        Close();
        _timer.Dispose();
        _available.Dispose();
    }

    private void AddLocked(TKey key)
    {
        if (_closed || !_waitingSince.TryAdd(key, _time.GetTimestamp()))
        {
            return;
        }

        if (!_workingSince.ContainsKey(key))
        {
            MakeAvailable(key);
        }

        _metrics.Added();
    }

    private void MakeAvailable(TKey key)
    {
        _waiting.Enqueue(key);
        _metrics.Depth(_waiting.Count);
        _available.Release();
    }

    private void AddDue()
    {
        lock (_lock)
        {
            while (_delayed.TryTake(_time.GetTimestamp(), out var key))
            {
                AddLocked(key);
            }

            SetTimer();
        }
    }

    private void SetTimer()
    {
        if (!_closed && _delayed.NextDue() is { } due)
        {
            var ticks = Math.Max(0, due - _time.GetTimestamp());
            _timer.Change(TimeSpan.FromSeconds(Math.Ceiling(ticks * 1000.0 / _time.TimestampFrequency) / 1000), Timeout.InfiniteTimeSpan);
        }
    }
}
