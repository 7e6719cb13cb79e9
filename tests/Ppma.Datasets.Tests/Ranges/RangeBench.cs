using Microsoft.Extensions.Time.Testing;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Ranges;

namespace Ppma.Datasets.Tests.Ranges;

/// <summary>A reader over a scripted source, whose time passes only while it waits for time.</summary>
internal sealed class RangeBench
{
    public RangeBench(byte[] blob, RangeOptions options, Func<Asked, Answer>? script = null, RangeBudget? budget = null, double jitter = 0)
    {
        Budget = budget ?? new RangeBudget(options.RangesInFlight);
        Source = new ScriptedSource(blob, Time, script);
        Reader = new RangeReader(Source, options, Budget, Metrics, Time, () => jitter);
    }

    /// <summary>How far time goes at once. Small steps keep it from running away from work that the machine is late with.</summary>
    public TimeSpan Step { get; init; } = TimeSpan.FromMilliseconds(50);

    public FakeTimeProvider Time { get; } = new();

    public StreamMetrics Metrics { get; } = new();

    public RangeBudget Budget { get; }

    public ScriptedSource Source { get; }

    public RangeReader Reader { get; }

    /// <summary>Reads a part into memory through a sink.</summary>
    public async Task<byte[]> CopyAsync(long offset, int length, CancellationToken cancellationToken)
    {
        var sink = new MemorySink(offset, length);
        await FinishAsync(Reader.CopyAsync("blob", ScriptedSource.ETag, offset, length, sink, cancellationToken));
        return sink.Bytes;
    }

    /// <summary>Reads a part straight into memory.</summary>
    public async Task<byte[]> ReadAsync(long offset, int length, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[length];
        await FinishAsync(Reader.ReadAsync("blob", ScriptedSource.ETag, offset, bytes, cancellationToken));
        return bytes;
    }

    /// <summary>Lets time pass until the task ends.</summary>
    public async Task FinishAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            await Task.WhenAny(task, Task.Delay(1, CancellationToken.None));
            Time.Advance(Step);
        }

        await task;
    }
}

/// <summary>Gathers the bytes in memory.</summary>
internal sealed class MemorySink(long offset, int length) : IRangeSink
{
    public byte[] Bytes { get; } = new byte[length];

    public ValueTask WriteAsync(long place, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        bytes.CopyTo(Bytes.AsMemory((int)(place - offset)));
        return ValueTask.CompletedTask;
    }
}
