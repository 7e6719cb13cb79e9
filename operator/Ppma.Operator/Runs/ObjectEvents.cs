using System.Collections.Concurrent;
using k8s.Models;
using Ppma.Controllers.Requests;

namespace Ppma.Operator.Runs;

/// <summary>Asks for the Events of an object at most every <see cref="EventLookups.Every"/>, and for those of all objects together so many times a second.</summary>
/// <param name="resources">Where they are.</param>
/// <param name="time">The clock.</param>
internal sealed class ObjectEvents(IResources<Corev1Event> resources, TimeProvider time) : IObjectEvents
{
    private const int PerSecond = 5;
    private const int MostObjects = 10_000;

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, IReadOnlyList<Corev1Event> Events)> _known = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private DateTimeOffset _window;
    private int _asked;

    public async Task<IReadOnlyList<Corev1Event>> ListAsync(V1ObjectMeta about, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var known = _known.TryGetValue(about.Uid, out var earlier) ? earlier : (At: DateTimeOffset.MinValue, Events: []);
        if (now - known.At < EventLookups.Every || !MayAsk(now))
        {
            return known.Events;
        }

        Forget(now);
        IReadOnlyList<Corev1Event> found;
        try
        {
            found = await resources.ListAsync(
                new() { Namespace = about.NamespaceProperty, FieldSelector = $"involvedObject.uid={about.Uid}" }, cancellationToken);
        }
        catch (ApiException)
        {
            // They only explain; what they explain goes on without them.
            found = known.Events;
        }

        _known[about.Uid] = (now, found);
        return found;
    }

    private bool MayAsk(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (now - _window >= TimeSpan.FromSeconds(1))
            {
                (_window, _asked) = (now, 0);
            }

            return _asked++ < PerSecond;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        if (_known.Count < MostObjects)
        {
            return;
        }

        foreach (var (uid, entry) in _known)
        {
            if (now - entry.At > EventLookups.Every)
            {
                _known.TryRemove(uid, out _);
            }
        }
    }
}
