namespace Ppma.Controllers.Tests.Leading;

/// <summary>
/// A process in a <see cref="VirtualWorld"/>: one thread, a monotonic clock that runs at its own rate, a wall clock that is wrong by its own amount.
/// While it is frozen its clocks go on and nothing in it runs.
/// </summary>
internal sealed class VirtualProcess(VirtualWorld world, double clockRate, TimeSpan wallClockError) : TimeProvider
{
    private readonly Queue<Action> _waiting = new();
    private bool _frozen;
    private bool _dead;
    private bool _running;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => (long)(world.Now * clockRate);

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero) + world.Elapsed + wallClockError;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Does this on the process's thread, now or, while it is frozen, as soon as it thaws; never once it is dead.</summary>
    public void Run(Action step)
    {
        _waiting.Enqueue(step);
        Drain();
    }

    public void Freeze(TimeSpan duration)
    {
        _frozen = true;
        world.In(duration, () =>
        {
            _frozen = false;
            Drain();
        });
    }

    public void Kill() => _dead = true;

    private void Drain()
    {
        if (_running)
        {
            return;
        }

        SynchronizationContext? outside = SynchronizationContext.Current;
        _running = true;
        SynchronizationContext.SetSynchronizationContext(new Thread(this));
        try
        {
            while (!_dead && !_frozen && _waiting.TryDequeue(out Action? step))
            {
                step();
            }
        }
        finally
        {
            _running = false;
            SynchronizationContext.SetSynchronizationContext(outside);
        }
    }

    private sealed class Thread(VirtualProcess process) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => process._waiting.Enqueue(() => d(state));

        public override SynchronizationContext CreateCopy() => this;
    }

    private sealed class Timer(VirtualProcess process, TimerCallback callback, object? state) : ITimer
    {
        private int _setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            int setting = ++_setting;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                process.In(dueTime, () =>
                {
                    if (setting == _setting)
                    {
                        callback(state);
                    }
                });
            }

            return true;
        }

        public void Dispose() => _setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private void In(TimeSpan byOwnClock, Action step) => world.In(byOwnClock / clockRate, () => Run(step));
}
