using System.Diagnostics;

namespace Ppma.Testing.Faults;

/// <summary>Lets bytes pass at a rate. Thread-safe.</summary>
internal sealed class Pacer(double bytesPerSecond)
{
    /// <summary>Shorter waits than a timer keeps are owed until they have grown.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(2);

    private readonly Lock _lock = new();
    private long _free = Stopwatch.GetTimestamp();

    public async ValueTask PassAsync(int bytes, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            long now = Stopwatch.GetTimestamp();
            _free = Math.Max(_free, now) + (long)(bytes / bytesPerSecond * Stopwatch.Frequency);
            wait = Stopwatch.GetElapsedTime(now, _free);
        }

        if (wait > Tick)
        {
            await Task.Delay(wait, cancellationToken);
        }
    }
}
