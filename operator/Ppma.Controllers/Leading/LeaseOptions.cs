namespace Ppma.Controllers.Leading;

/// <summary>Which Lease is fought over, and how patiently.</summary>
public sealed record LeaseOptions
{
    /// <summary>How much longer than <see cref="RetryPeriod"/> a pause between two tries of a standby may be.</summary>
    internal const double Jitter = 0.2;

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>How long others leave the Lease alone after they saw it renewed; whole seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long after the last renewal the holder stops leading by itself; the rest of the lease is for ending what is under way.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the holder renews, and how long a standby pauses after a failed try.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What is wrong with these times, each in a sentence; nothing when they are sound.</summary>
    public IEnumerable<string> Problems()
    {
        if (LeaseDuration < TimeSpan.FromSeconds(1) || LeaseDuration.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            yield return $"LeaseDuration is {LeaseDuration}; a Lease counts whole seconds, at least one.";
        }

        if (RenewDeadline >= LeaseDuration)
        {
            yield return $"RenewDeadline is {RenewDeadline}; it must be below LeaseDuration ({LeaseDuration}), or two processes lead at once.";
        }

        if (RetryPeriod <= TimeSpan.Zero || RetryPeriod * (1 + Jitter) >= RenewDeadline)
        {
            yield return $"RetryPeriod is {RetryPeriod}; it must be above zero, and {1 + Jitter} times as long still below RenewDeadline ({RenewDeadline}).";
        }
    }
}
