using System.Buffers;
using Ppma.Datasets.Metrics;

namespace Ppma.Datasets.Ranges;

/// <summary>How far one chain of requests has come in one range, and where its next bytes go.</summary>
internal abstract class RangeCursor(long start, long end) : IDisposable
{
    private long _reached = start;

    public long Start { get; } = start;

    /// <summary>First byte after the range.</summary>
    public long End { get; } = end;

    /// <summary>The next byte to ask for.</summary>
    public long Reached => Volatile.Read(ref _reached);

    public long Remaining => End - Reached;

    /// <summary>All bytes before it have arrived where they belong, so that another cursor may go on from here.</summary>
    public abstract long Settled { get; }

    /// <summary>Where the next bytes go; never beyond the range.</summary>
    public abstract Memory<byte> Free { get; }

    /// <summary>Takes so many bytes as read into <see cref="Free"/>.</summary>
    public virtual ValueTask AdvanceAsync(int bytes, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _reached, _reached + bytes);
        return ValueTask.CompletedTask;
    }

    /// <summary>A cursor over what this one has not settled.</summary>
    public abstract RangeCursor Rest();

    public abstract void Dispose();
}

/// <summary>Bytes go straight into the caller's memory.</summary>
internal sealed class MemoryCursor(long start, Memory<byte> memory) : RangeCursor(start, start + memory.Length)
{
    public override long Settled => Reached;

    public override Memory<byte> Free => memory[(int)(Reached - Start)..];

    public override RangeCursor Rest()
    {
        long reached = Reached;
        return new MemoryCursor(reached, memory[(int)(reached - Start)..]);
    }

    public override void Dispose()
    {
    }
}

/// <summary>Bytes gather in a pooled buffer and go to a sink in large pieces. The buffer outlives a broken request, so nothing is asked for twice.</summary>
internal sealed class SinkCursor : RangeCursor
{
    private const int BufferBytes = 512 << 10;

    private readonly IRangeSink _sink;
    private readonly StreamMetrics _metrics;
    private readonly byte[] _buffer;
    private long _settled;
    private int _filled;

    public SinkCursor(long start, long end, IRangeSink sink, StreamMetrics metrics)
        : base(start, end)
    {
        _sink = sink;
        _metrics = metrics;
        _settled = start;
        _buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(BufferBytes, end - start));
        _metrics.BytesInFlight.Inc(_buffer.Length);
    }

    public override long Settled => Volatile.Read(ref _settled);

    public override Memory<byte> Free => _buffer.AsMemory(_filled, (int)Math.Min(_buffer.Length - _filled, Remaining));

    public override async ValueTask AdvanceAsync(int bytes, CancellationToken cancellationToken)
    {
        await base.AdvanceAsync(bytes, cancellationToken);
        _filled += bytes;
        if (_filled == _buffer.Length || Remaining == 0)
        {
            await _sink.WriteAsync(_settled, _buffer.AsMemory(0, _filled), cancellationToken);
            Volatile.Write(ref _settled, Reached);
            _filled = 0;
        }
    }

    public override RangeCursor Rest() => new SinkCursor(Settled, End, _sink, _metrics);

    public override void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _metrics.BytesInFlight.Dec(_buffer.Length);
    }
}
