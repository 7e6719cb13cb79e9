namespace Ppma.Datasets.Ranges;

/// <summary>
/// How many ranges may be in flight at once, over all blobs and stores that share the budget. First come, first served,
/// so no blob starves another. A range keeps its place while it waits to try again: a throttled service is asked less. Thread-safe.
/// </summary>
public sealed class RangeBudget
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
    private int _inFlight;

    /// <param name="ranges">The bound, at least one.</param>
    public RangeBudget(int ranges)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ranges);
        Ranges = ranges;
    }

    /// <summary>The bound.</summary>
    public int Ranges { get; }

    /// <summary>Ranges in flight now.</summary>
    public int InFlight
    {
        get
        {
            lock (_lock)
            {
                return _inFlight;
            }
        }
    }

    /// <summary>Waits for a place. Each that was given must be handed back by <see cref="Leave"/>.</summary>
    internal async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<TaskCompletionSource> place;
        lock (_lock)
        {
            if (_inFlight < Ranges)
            {
                _inFlight++;
                return;
            }

            place = _waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        await using CancellationTokenRegistration cancelled = cancellationToken.UnsafeRegister(_ => GiveUp(place, cancellationToken), null);
        await place.Value.Task;
    }

    /// <summary>Hands a place back, to the one that has waited longest.</summary>
    internal void Leave()
    {
        lock (_lock)
        {
            if (_waiting.First is { } next)
            {
                _waiting.RemoveFirst();
                next.Value.SetResult();
            }
            else
            {
                _inFlight--;
            }
        }
    }

    private void GiveUp(LinkedListNode<TaskCompletionSource> place, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // Already called: the place is the caller's, who hands it back.
            if (place.List is null)
            {
                return;
            }

            _waiting.Remove(place);
        }

        place.Value.SetCanceled(cancellationToken);
    }
}
