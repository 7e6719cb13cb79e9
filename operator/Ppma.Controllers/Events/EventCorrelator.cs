using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Events;

/// <summary>
/// Keeps events few: the same note within <see cref="Window"/> is counted on the event that is there, and an object that has much to tell
/// gets <see cref="Burst"/> events at once and then one every five minutes. What it remembers is bounded.
/// </summary>
internal sealed class EventCorrelator(TimeProvider time)
{
    public const int Burst = 25;
    private const double PerSecond = 1.0 / 300;

    /// <summary>Notes and objects that are remembered; beyond, those longest silent are forgotten.</summary>
    private const int Capacity = 4096;

    private readonly Dictionary<EventNote, EventSeries> _series = [];
    private readonly Dictionary<EventSubject, ObjectLimit> _limits = [];

    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Counts the note.</summary>
    /// <returns>The event that tells it: to be created when this is the first of its series, else to be brought up to date. Null when it is not to be told.</returns>
    public EventSeries? Correlate(EventNote note)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (!LimitOf(note.About, now).TryTake())
        {
            return null;
        }

        if (_series.TryGetValue(note, out EventSeries? known) && now - known.LastSeen < Window)
        {
            known.Count++;
            known.LastSeen = now;
            return known;
        }

        Trim(_series, series => series.LastSeen);
        return _series[note] = new EventSeries(note, now);
    }

    /// <summary>The event of the note is not there after all: the next such note makes a new one.</summary>
    public void Forget(EventNote note) => _series.Remove(note);

    private TokenBucket LimitOf(EventSubject about, DateTimeOffset now)
    {
        if (!_limits.TryGetValue(about, out ObjectLimit? limit))
        {
            Trim(_limits, known => known.LastSeen);
            _limits[about] = limit = new ObjectLimit(new TokenBucket(PerSecond, Burst, time));
        }

        limit.LastSeen = now;
        return limit.Bucket;
    }

    private static void Trim<TKey, TValue>(Dictionary<TKey, TValue> entries, Func<TValue, DateTimeOffset> lastSeen)
        where TKey : notnull
    {
        if (entries.Count < Capacity)
        {
            return;
        }

        foreach (TKey key in entries.OrderBy(entry => lastSeen(entry.Value)).Take(Capacity / 2).Select(entry => entry.Key).ToList())
        {
            entries.Remove(key);
        }
    }

    private sealed class ObjectLimit(TokenBucket bucket)
    {
        public TokenBucket Bucket { get; } = bucket;

        public DateTimeOffset LastSeen { get; set; }
    }
}
