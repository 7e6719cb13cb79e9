using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Ppma.Datasets.Ranges;

namespace Ppma.Datasets.Caching;

/// <summary>
/// One shard as this process sees it: absent, arriving (from its store, or being checked), or whole. An open file keeps other
/// processes from removing it, because its handle holds a shared lock. Thread-safe.
/// </summary>
internal sealed class LocalShard(CacheKey key, IRangeStore store, string blob, TimeProvider time) : IRangeSink
{
    /// <summary>How exact the time of the last use is.</summary>
    private static readonly TimeSpan TouchInterval = TimeSpan.FromSeconds(1);

    // A monitor, because the fetching thread waits in it.
    private readonly object _gate = new();
    private readonly LandedRanges _landed = new();
    private readonly List<Waiter> _waiters = [];

    /// <summary>Open and checked: what nearly every read finds, without a lock.</summary>
    private volatile SafeFileHandle? _whole;
    private SafeFileHandle? _arriving;
    private volatile bool _isDoubted;
    private volatile bool _isChecked;
    private bool _hasSourceEnded;
    private IOException? _writeFailure;
    private long _touchedTicks;
    private long? _passedAt;

    public CacheKey Key => key;

    /// <summary>Where it is fetched from.</summary>
    public IRangeStore Store => store;

    /// <summary>Its name there.</summary>
    public string Blob => blob;

    /// <summary>Whether this process has checked the file that lies in the folder; another process may have removed it since.</summary>
    public bool IsChecked => _isChecked;

    /// <summary>Whether wrong bytes were read from it.</summary>
    public bool IsDoubted => _isDoubted;

    public bool IsOpen => _whole is not null;

    /// <summary>When it was last used, in ticks.</summary>
    public long TouchedTicks => Volatile.Read(ref _touchedTicks);

    /// <summary>Since when there has been no room for it; null when there was none wanted, or some.</summary>
    public TimeSpan? PassedFor
    {
        get
        {
            lock (_gate)
            {
                return _passedAt is { } at ? Stopwatch.GetElapsedTime(at) : null;
            }
        }
    }

    public bool HasWaiters
    {
        get
        {
            lock (_gate)
            {
                return _waiters.Count > 0;
            }
        }
    }

    /// <summary>Reads from the whole shard, or while it arrives from the part that is there (samples have hashes of their own).</summary>
    /// <returns>False when the bytes are not there.</returns>
    public bool TryRead(long offset, Span<byte> buffer)
    {
        if (_whole is { } whole)
        {
            Touch(whole);
            return TryRead(whole, offset, buffer);
        }

        SafeFileHandle? arriving;
        lock (_gate)
        {
            arriving = !_isDoubted && _landed.Contains(offset, offset + buffer.Length) ? _arriving : null;
        }

        return arriving is not null && TryRead(arriving, offset, buffer);
    }

    /// <summary>Waits until the bytes may be there. Nobody waits for a shard that is checked.</summary>
    /// <returns>True: look again. False: there is no room for the shard now, read past the cache.</returns>
    public Task<bool> WaitAsync(long offset, long length)
    {
        lock (_gate)
        {
            if (_isChecked || CanRead(offset, offset + length))
            {
                return Task.FromResult(true);
            }

            var waiter = new Waiter(offset, offset + length, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
            _waiters.Add(waiter);
            return waiter.Done.Task;
        }
    }

    /// <summary>The fetching thread has a file: one that is empty, or one that an earlier process left.</summary>
    public void Begin(SafeFileHandle file, bool isLeft)
    {
        lock (_gate)
        {
            _arriving = file;
            _hasSourceEnded = false;
            _writeFailure = null;
            _landed.Clear();
            if (isLeft)
            {
                _landed.Add(0, key.Bytes);
                WakeReaders();
            }
        }
    }

    /// <summary>The bytes that arrived are wrong, and come again into the same file.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            _hasSourceEnded = false;
            _landed.Clear();
            _isDoubted = true;
        }
    }

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        long start;
        SafeFileHandle file;
        long end = offset + bytes.Length;
        lock (_gate)
        {
            // What has landed may have been hashed, so it is not written again.
            start = _landed.FirstGap(offset);
            file = _arriving ?? throw new InvalidOperationException($"Bytes of '{blob}' came after their end.");
        }

        if (start < end)
        {
            try
            {
                RandomAccess.Write(file, bytes.Span[(int)(start - offset)..], start);
            }
            catch (IOException problem)
            {
                // Kept, because the source may take it for a failure of the network.
                Interlocked.CompareExchange(ref _writeFailure, problem, null);
                EndSource();
                throw;
            }

            lock (_gate)
            {
                _landed.Add(start, end);
                WakeReaders();
                Monitor.PulseAll(_gate);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>The source gives no more bytes.</summary>
    public void EndSource()
    {
        lock (_gate)
        {
            _hasSourceEnded = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Blocks until so many bytes are there without a gap, or the source has ended.</summary>
    /// <returns>How many are there.</returns>
    /// <exception cref="IOException">The bytes could not be written to the file.</exception>
    public long AwaitPrefix(long bytes)
    {
        lock (_gate)
        {
            while (_landed.Prefix < bytes && !_hasSourceEnded)
            {
                Monitor.Wait(_gate);
            }

            if (_writeFailure is not null)
            {
                throw new IOException(_writeFailure.Message, _writeFailure.HResult);
            }

            return _landed.Prefix;
        }
    }

    /// <summary>The arriving file is whole and checked.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            (_whole, _arriving) = (_arriving, null);
            _isChecked = true;
            _isDoubted = false;
            _passedAt = null;
            _landed.Clear();
            Settle(waiter => waiter.SetResult(true));
        }
    }

    /// <summary>The arriving file is not used. Who waits goes on waiting.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _arriving?.Dispose();
            _arriving = null;
            _landed.Clear();
        }
    }

    /// <summary>The shard cannot be had.</summary>
    public void Fail(Exception cause)
    {
        lock (_gate)
        {
            Settle(waiter => waiter.SetException(cause));
        }
    }

    /// <summary>There is no room for the shard.</summary>
    public void PassBy()
    {
        lock (_gate)
        {
            if (_waiters.Count > 0 || _passedAt is not null)
            {
                _passedAt = Stopwatch.GetTimestamp();
            }

            Settle(waiter => waiter.SetResult(false));
        }
    }

    /// <summary>Takes the checked file, opened again.</summary>
    public void Reopen(SafeFileHandle file)
    {
        lock (_gate)
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
        lock (_gate)
        {
            _whole?.Dispose();
            _whole = null;
        }
    }

    /// <summary>The file is gone.</summary>
    public void Lose()
    {
        lock (_gate)
        {
            _whole?.Dispose();
            _whole = null;
            _isChecked = false;
        }
    }

    /// <summary>The file gave wrong bytes: nothing of it is read before all of it is checked again.</summary>
    public void Doubt()
    {
        lock (_gate)
        {
            Lose();
            _isDoubted = true;
        }
    }

    private bool CanRead(long offset, long end) => _whole is not null || (_arriving is not null && !_isDoubted && _landed.Contains(offset, end));

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
        for (int i = _waiters.Count - 1; i >= 0; i--)
        {
            Waiter waiter = _waiters[i];
            if (CanRead(waiter.Offset, waiter.End))
            {
                _waiters.RemoveAt(i);
                waiter.Done.SetResult(true);
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
