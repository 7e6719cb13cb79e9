using Prometheus;
using static TorchSharp.torch;

namespace Ppma.Video.Loading;

/// <summary>The memory of all batches of a stream: so many at a time, used again and again. Thread-safe.</summary>
internal sealed class BatchBuffers(int count, long[] shape, ScalarType type, long batchBytes, Gauge inFlight) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _free = new(count);
    private readonly Stack<Tensor> _kept = [];
    private bool _isClosed;

    /// <summary>Memory for a batch, as soon as there is some.</summary>
    public async ValueTask<BatchBuffer> RentAsync(int rows, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        inFlight.Inc(batchBytes);
        lock (_lock)
        {
            return new BatchBuffer(this, _kept.TryPop(out Tensor? memory) ? memory : HostTensors.Empty(shape, type), rows);
        }
    }

    /// <summary>Frees what is kept; batches that are still in use free theirs later.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            while (_kept.TryPop(out Tensor? memory))
            {
                memory.Dispose();
            }
        }
    }

    internal void TakeBack(Tensor memory)
    {
        lock (_lock)
        {
            // Pinned memory goes back to torch, which knows when a device has read it.
            if (_isClosed || HostTensors.ArePinned || _kept.Count == count)
            {
                memory.Dispose();
            }
            else
            {
                _kept.Push(memory);
            }
        }
    }

    internal void CountLess()
    {
        inFlight.Dec(batchBytes);
        _free.Release();
    }
}
