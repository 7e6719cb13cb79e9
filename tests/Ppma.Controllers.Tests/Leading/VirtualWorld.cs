namespace Ppma.Controllers.Tests.Leading;

/// <summary>
/// Time that passes only from event to event, and processes whose every step happens on it: the same seed plays the same run to the microsecond.
/// </summary>
internal sealed class VirtualWorld
{
    private readonly PriorityQueue<Action, (long Time, long Order)> _events = new();
    private long _order;

    /// <summary>In ticks of 100 ns since the world began. No process can read it.</summary>
    public long Now { get; private set; }

    public TimeSpan Elapsed => TimeSpan.FromTicks(Now);

    /// <summary>Looks at the world after everything that happened in it.</summary>
    public Action AfterEachEvent { get; set; } = () => { };

    public void In(TimeSpan delay, Action happens) => _events.Enqueue(happens, (Now + Math.Max(0, delay.Ticks), _order++));

    /// <summary>Lets time pass until the world is this old.</summary>
    public void RunUntil(TimeSpan end)
    {
        while (_events.TryPeek(out Action? happens, out var at) && at.Time <= end.Ticks)
        {
            _events.Dequeue();
            Now = at.Time;
            happens();
            AfterEachEvent();
        }

        Now = end.Ticks;
        AfterEachEvent();
    }
}
