using Prometheus;

namespace Ppma.Video.Loading;

/// <summary>
/// So many bytes and no more. Who comes first is served first, however little the next one asks for. A request for more than there
/// is waits until everything was given back and then goes alone: one clip that is too large makes loading slow, never stuck. Thread-safe.
/// </summary>
internal sealed class ByteBudget(long limitBytes, Gauge inFlight)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiting = [];

    public long LimitBytes => limitBytes;

    public long HeldBytes { get; private set; }

    /// <summary>Takes bytes, when there are enough.</summary>
    /// <returns>Dispose it to give them back.</returns>
    public ValueTask<ByteLease> TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        LinkedListNode<Waiter> place;
        lock (_lock)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return ValueTask.FromCanceled<ByteLease>(cancellationToken);
            }

            if (_waiting.Count == 0 && Fits(bytes))
            {
                return ValueTask.FromResult(Hold(bytes));
            }

            place = _waiting.AddLast(new Waiter(bytes));
        }

        return new ValueTask<ByteLease>(WaitAsync(place, cancellationToken));
    }

    internal void GiveBack(long bytes)
    {
        lock (_lock)
        {
            HeldBytes -= bytes;
            inFlight.Dec(bytes);
        }

        Serve();
    }

    private async Task<ByteLease> WaitAsync(LinkedListNode<Waiter> place, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.Register(() => Leave(place, cancellationToken));
        return await place.Value.Served.Task.ConfigureAwait(false);
    }

    private void Leave(LinkedListNode<Waiter> place, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (place.List is null)
            {
                return;
            }

            _waiting.Remove(place);
        }

        place.Value.Served.TrySetCanceled(cancellationToken);

        // The next one may want less.
        Serve();
    }

    private void Serve()
    {
        while (true)
        {
            Waiter first;
            ByteLease lease;
            lock (_lock)
            {
                if (_waiting.First is not { } place || !Fits(place.Value.Bytes))
                {
                    return;
                }

                _waiting.RemoveFirst();
                first = place.Value;
                lease = Hold(first.Bytes);
            }

            first.Served.SetResult(lease);
        }
    }

    private bool Fits(long bytes) => HeldBytes == 0 || HeldBytes + bytes <= limitBytes;

    private ByteLease Hold(long bytes)
    {
        HeldBytes += bytes;
        inFlight.Inc(bytes);
        return new ByteLease(this, bytes);
    }

    private sealed record Waiter(long Bytes)
    {
        public TaskCompletionSource<ByteLease> Served { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
