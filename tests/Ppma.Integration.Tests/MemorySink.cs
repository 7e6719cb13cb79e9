using Ppma.Datasets.Ranges;

namespace Ppma.Integration.Tests;

/// <summary>A whole blob in memory.</summary>
internal sealed class MemorySink(int length) : IRangeSink
{
    public byte[] Bytes { get; } = new byte[length];

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        bytes.CopyTo(Bytes.AsMemory((int)offset));
        return ValueTask.CompletedTask;
    }
}
