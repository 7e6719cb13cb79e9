using Microsoft.Win32.SafeHandles;
using Ppma.Datasets.Ranges;

namespace Ppma.Datasets.Caching;

/// <summary>A file that is being filled from any side, while one thread follows its gapless part and readers take what has landed. Thread-safe.</summary>
/// <param name="file">The file, of its final size.</param>
/// <param name="landed">Called after bytes landed.</param>
internal sealed class ArrivingFile(SafeFileHandle file, Action landed) : IRangeSink
{
    // A monitor, because the following thread waits in it.
    private readonly object _gate = new();
    private readonly LandedRanges _ranges = new();
    private bool _hasEnded;
    private long _awaited;
    private IOException? _failure;

    public SafeFileHandle Handle => file;

    /// <summary>Whether all these bytes are there.</summary>
    public bool Contains(long start, long end)
    {
        lock (_gate)
        {
            return _ranges.Contains(start, end);
        }
    }

    /// <summary>Bytes are there that nobody had to write.</summary>
    public void Add(long start, long end)
    {
        lock (_gate)
        {
            _ranges.Add(start, end);
        }

        landed();
    }

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        long start;
        long end = offset + bytes.Length;
        lock (_gate)
        {
            // What has landed may have been hashed, so it is not written again.
            start = _ranges.FirstGap(offset);
        }

        if (start < end)
        {
            Write(start, bytes.Span[(int)(start - offset)..]);
            lock (_gate)
            {
                _ranges.Add(start, end);
                if (_ranges.Prefix >= _awaited)
                {
                    Monitor.PulseAll(_gate);
                }
            }

            landed();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>No more bytes come.</summary>
    public void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>All bytes come once more.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            _hasEnded = false;
            _ranges.Clear();
        }
    }

    /// <summary>Blocks until so many bytes are there without a gap, or no more come.</summary>
    /// <returns>How many are there.</returns>
    /// <exception cref="IOException">The bytes could not be written to the file.</exception>
    public long AwaitPrefix(long bytes)
    {
        lock (_gate)
        {
            _awaited = bytes;
            while (_ranges.Prefix < bytes && !_hasEnded)
            {
                Monitor.Wait(_gate);
            }

            return _failure is null ? _ranges.Prefix : throw new IOException(_failure.Message, _failure.HResult);
        }
    }

    public void Close() => file.Dispose();

    private void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(file, bytes, offset);
        }
        catch (IOException problem)
        {
            // Kept, because the source may take it for a failure of the network and go on trying.
            Interlocked.CompareExchange(ref _failure, problem, null);
            End();
            throw;
        }
    }
}
