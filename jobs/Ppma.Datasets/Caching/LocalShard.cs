using Microsoft.Win32.SafeHandles;
using Ppma.Datasets.Ranges;

namespace Ppma.Datasets.Caching;

/// <summary>
/// One shard as this process sees it: absent, arriving (from its store, or being checked), or checked. An open file keeps other
/// processes from removing it, because its handle holds a shared lock. Thread-safe.
/// </summary>
internal sealed class LocalShard(CacheKey key, IRangeStore store, string blob, TimeProvider time)
{
    /// <summary>How exact the time of the last use is.</summary>
    private static readonly TimeSpan TouchInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<Waiter> _waiters = [];

    /// <summary>Open and checked: what nearly every read finds, without a lock.</summary>
    private volatile SafeFileHandle? _whole;
    private volatile bool _isChecked;
    private volatile bool _isDoubted;
    private volatile bool _isUsedUnchecked;
    private ArrivingFile? _arriving;
    private long? _passedAt;
    private long _touchedTicks;

    public CacheKey Key => key;

    /// <summary>Where it is fetched from.</summary>
    public IRangeStore Store => store;

    /// <summary>Its name there.</summary>
    public string Blob => blob;

    /// <summary>Whether this process has checked the file that lies in the folder; another process may have removed it since.</summary>
    public bool IsChecked => _isChecked;

    /// <summary>Whether wrong bytes were read from it.</summary>
    public bool IsDoubted => _isDoubted;

    /// <summary>Whether bytes were read from it while it arrived, and it is not known yet that it has its hash.</summary>
    public bool IsUsedUnchecked => _isUsedUnchecked;

    public bool IsOpen => _whole is not null;

    /// <summary>When it was last used, in ticks.</summary>
    public long TouchedTicks => Volatile.Read(ref _touchedTicks);

    public bool HasWaiters
    {
        get
        {
            lock (_lock)
            {
                return _waiters.Count > 0;
            }
        }
    }

    /// <summary>How long ago room for it was last sought in vain; null when there has been room since.</summary>
    public TimeSpan? PassedFor
    {
        get
        {
            lock (_lock)
            {
                return _passedAt is { } at ? time.GetElapsedTime(at) : null;
            }
        }
    }

    /// <summary>Reads from the checked shard, or while it arrives from the part that is there (samples have hashes of their own).</summary>
    /// <returns>False when the bytes are not there.</returns>
    public bool TryRead(long offset, Span<byte> buffer)
    {
        if (_whole is { } whole)
        {
            Touch(whole);
            return TryRead(whole, offset, buffer);
        }

        SafeFileHandle? arriving;
        lock (_lock)
        {
            arriving = HasLanded(offset, offset + buffer.Length) ? _arriving!.Handle : null;
        }

        if (arriving is null || !TryRead(arriving, offset, buffer))
        {
            return false;
        }

        _isUsedUnchecked = !_isChecked;
        return true;
    }

    /// <summary>Waits until the bytes may be there. Nobody waits for a shard that is checked.</summary>
    /// <returns>True: look again. False: there is no room for the shard now, read past the cache.</returns>
    public Task<bool> WaitAsync(long offset, long length)
    {
        lock (_lock)
        {
            if (_isChecked || HasLanded(offset, offset + length))
            {
                return Task.FromResult(true);
            }

            var waiter = new Waiter(offset, offset + length, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
            _waiters.Add(waiter);
            return waiter.Done.Task;
        }
    }

    /// <summary>There is a file to be filled or checked.</summary>
    public ArrivingFile Begin(SafeFileHandle file)
    {
        lock (_lock)
        {
            return _arriving = new ArrivingFile(file, WakeReaders);
        }
    }

    /// <summary>The arriving file is whole, and has its right name and hash.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            (_whole, _arriving) = (_arriving!.Handle, null);
            _isChecked = true;
            _isDoubted = false;
            _isUsedUnchecked = false;
            _passedAt = null;
            Settle(waiter => waiter.SetResult(true));
        }
    }

    /// <summary>The arriving file is not used. Who waits goes on waiting.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            _arriving?.Close();
            _arriving = null;
        }
    }

    /// <summary>The shard cannot be had.</summary>
    public void Fail(Exception cause)
    {
        lock (_lock)
        {
            Settle(waiter => waiter.SetException(cause));
        }
    }

    /// <summary>There is no room for the shard.</summary>
    public void PassBy()
    {
        lock (_lock)
        {
            if (_waiters.Count > 0 || _passedAt is not null)
            {
                _passedAt = time.GetTimestamp();
            }

            Settle(waiter => waiter.SetResult(false));
        }
    }

    /// <summary>Takes the checked file, opened again.</summary>
    public void Reopen(SafeFileHandle file)
    {
        lock (_lock)
        {
            if (_isChecked && _whole is null)
            {
                _whole = file;
                return;
            }
        }

        file.Dispose();
    }

    /// <summary>Closes the file, so that others may remove it; who reads from it just now still can.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _whole?.Dispose();
            _whole = null;
        }
    }

    /// <summary>The file is gone.</summary>
    public void Lose()
    {
        lock (_lock)
        {
            Close();
            _isChecked = false;
        }
    }

    /// <summary>The file gave wrong bytes: nothing of it is read before all of it is checked again.</summary>
    public void Doubt()
    {
        lock (_lock)
        {
            Lose();
            _isDoubted = true;
        }
    }

    /// <summary>Under the lock.</summary>
    private bool HasLanded(long offset, long end) => _arriving is not null && !_isDoubted && _arriving.Contains(offset, end);

    private bool TryRead(SafeFileHandle file, long offset, Span<byte> buffer)
    {
        try
        {
            while (buffer.Length > 0)
            {
                int read = RandomAccess.Read(file, buffer, offset);
                if (read == 0)
                {
                    break;
                }

                buffer = buffer[read..];
                offset += read;
            }

            if (buffer.Length == 0)
            {
                return true;
            }
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
        catch (IOException)
        {
            // A bad disk. Checking the file finds it again and has the shard fetched anew.
        }

        Doubt();
        return false;
    }

    private void Touch(SafeFileHandle file)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        if (now.Ticks - TouchedTicks < TouchInterval.Ticks)
        {
            return;
        }

        Volatile.Write(ref _touchedTicks, now.Ticks);
        try
        {
            File.SetLastWriteTimeUtc(file, now);
        }
        catch (Exception problem) when (problem is ObjectDisposedException or UnauthorizedAccessException or IOException)
        {
            // Closed meanwhile, or another user's file: its place among the least recently used is then older than it should be.
        }
    }

    private void WakeReaders()
    {
        lock (_lock)
        {
            for (int i = _waiters.Count - 1; i >= 0; i--)
            {
                Waiter waiter = _waiters[i];
                if (HasLanded(waiter.Offset, waiter.End))
                {
                    _waiters.RemoveAt(i);
                    waiter.Done.SetResult(true);
                }
            }
        }
    }

    private void Settle(Action<TaskCompletionSource<bool>> end)
    {
        foreach (Waiter waiter in _waiters)
        {
            end(waiter.Done);
        }

        _waiters.Clear();
    }

    private sealed record Waiter(long Offset, long End, TaskCompletionSource<bool> Done);
}
