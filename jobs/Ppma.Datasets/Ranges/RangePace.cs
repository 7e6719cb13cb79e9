using System.Numerics;

namespace Ppma.Datasets.Ranges;

/// <summary>
/// How long ranges take, by size, from the latest ones; and which may be hedged. Sizes are told apart by powers of two, because
/// small ranges cost round trips and large ones bandwidth. Thread-safe.
/// </summary>
internal sealed class RangePace(RangeOptions options)
{
    private const int Window = 31;
    private const int FewestPeers = 5;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, Queue<TimeSpan>> _latest = [];
    private long _ranges;
    private long _hedges;

    /// <summary>Remembers how long a range took.</summary>
    public void Add(long bytes, TimeSpan elapsed)
    {
        lock (_lock)
        {
            _ranges++;
            int size = BitOperations.Log2((ulong)bytes);
            if (!_latest.TryGetValue(size, out Queue<TimeSpan>? peers))
            {
                _latest[size] = peers = new Queue<TimeSpan>(Window);
            }

            if (peers.Count == Window)
            {
                peers.Dequeue();
            }

            peers.Enqueue(elapsed);
        }
    }

    /// <summary>How long a range of this size may take before a second request runs beside it; null while too few peers are known.</summary>
    public TimeSpan? Patience(long bytes)
    {
        TimeSpan[] peers;
        lock (_lock)
        {
            if (options.HedgeAfterMedians == 0 || options.HedgeShare == 0
                || !_latest.TryGetValue(BitOperations.Log2((ulong)bytes), out Queue<TimeSpan>? known) || known.Count < FewestPeers)
            {
                return null;
            }

            peers = [.. known];
        }

        Array.Sort(peers);
        TimeSpan patience = peers[peers.Length / 2] * options.HedgeAfterMedians;
        return patience > options.HedgeFloor ? patience : options.HedgeFloor;
    }

    /// <summary>Whether one more hedge keeps their share of all requests; if so it is counted.</summary>
    public bool TryHedge()
    {
        lock (_lock)
        {
            if (_hedges + 1 > options.HedgeShare * (_ranges + _hedges + 1))
            {
                return false;
            }

            _hedges++;
            return true;
        }
    }
}
