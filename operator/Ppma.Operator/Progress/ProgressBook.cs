using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Ppma.Controllers.Requests;

namespace Ppma.Operator.Progress;

/// <summary>What workers said, in memory alone: who takes over asks again.</summary>
internal sealed class ProgressBook(IOptions<ProgressOptions> options, TimeProvider time) : IProgressSource
{
    private readonly ConcurrentDictionary<AttemptKey, ProgressRecord> _records = new();
    // Whoever gets nothing asks again at the next answer, so that progress is late before anything that matters is.
    private readonly TokenBucket _budget = new(options.Value.WritesPerSecond, options.Value.WritesPerSecond, time);

    public ProgressSnapshot? Find(AttemptKey attempt) => _records.TryGetValue(attempt, out var record) ? record.Snapshot(time) : null;

    /// <summary>Takes a reply down. For one attempt never called twice at a time.</summary>
    /// <returns>What it means for those who look at <see cref="Find"/>.</returns>
    public ProgressNote Note(AttemptKey attempt, ProgressReply reply)
    {
        var record = _records.GetOrAdd(attempt, _ => new() { AskedAt = time.GetTimestamp() }).With(reply, time);
        var note = !record.IsDue(time) ? ProgressNote.Nothing : _budget.TryTake() ? ProgressNote.Shown : ProgressNote.Deferred;
        _records[attempt] = note == ProgressNote.Shown ? record.AsShown(time) : record;
        return note;
    }

    /// <summary>Forgets every attempt that is not in the list.</summary>
    public void Keep(IReadOnlySet<AttemptKey> attempts)
    {
        foreach (var (attempt, _) in _records)
        {
            if (!attempts.Contains(attempt))
            {
                _records.TryRemove(attempt, out _);
            }
        }
    }
}
