namespace Ppma.Controllers.Queueing;

/// <summary>Keys that are due later, each once, at the earliest of the times asked for. Not thread-safe by itself.</summary>
internal sealed class DelayedKeys<TKey>
    where TKey : notnull
{
    private readonly PriorityQueue<TKey, (long Due, long Order)> _byDue = new(); // Of those due at the same time, who asked first comes first.
    private readonly Dictionary<TKey, long> _due = [];
    private long _asked;

    public void Add(TKey key, long due)
    {
        if (!_due.TryGetValue(key, out var earlier) || due < earlier)
        {
            _due[key] = due;
            _byDue.Enqueue(key, (due, _asked++)); // What it replaces stays in the heap, and is passed over when it comes up.
        }
    }

    public void Remove(TKey key) => _due.Remove(key);

    public void Clear()
    {
        _byDue.Clear();
        _due.Clear();
    }

    /// <summary>When the next key is due; null when there is none.</summary>
    public long? NextDue()
    {
        while (_byDue.TryPeek(out var key, out var next))
        {
            if (_due.TryGetValue(key, out var current) && current == next.Due)
            {
                return current;
            }

            _byDue.Dequeue();
        }

        return null;
    }

    /// <summary>Takes one key that is due.</summary>
    public bool TryTake(long now, out TKey key)
    {
        if (NextDue() is { } due && due <= now)
        {
            key = _byDue.Dequeue();
            _due.Remove(key);
            return true;
        }

        key = default!;
        return false;
    }
}
