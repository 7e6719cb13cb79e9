using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Ppma.Controllers.Tests.Caching;

/// <summary>Virtual time that tells who waits, so that a test passes exactly that time when it is being waited for.</summary>
internal sealed class ObservedTime : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>The next timer that is set to less than <paramref name="below"/>; longer ones are passed over.</summary>
    public async Task<TimeSpan> NextWaitAsync(TimeSpan below)
    {
        while (true)
        {
            var wait = await _waits.Reader.ReadAsync(TestContext.Current.CancellationToken);
            if (wait < below && wait >= TimeSpan.Zero)
            {
                return wait;
            }
        }
    }
}
