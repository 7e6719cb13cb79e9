using k8s.Models;

namespace Ppma.Controllers.Leading;

/// <summary>
/// How long somebody else's Lease must still be left alone: its duration, counted on this process's own monotonic clock from when the
/// record was last seen to change. The holder counts from before it sent that change, so its time is over first whatever the wall clocks say.
/// </summary>
internal sealed class LeaseObservation(TimeSpan usualDuration, string identity, TimeProvider time)
{
    private string? _version;
    private TimeSpan _lasts;
    private long _since;

    public TimeSpan TimeLeft
    {
        get
        {
            TimeSpan left = _lasts - time.GetElapsedTime(_since);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <param name="lease">
    /// What was read; null when there is none, which ends nobody's time: who deleted it did not ask the holder, who goes on until it notices.
    /// </param>
    public void See(V1Lease? lease)
    {
        if (lease is null || lease.Metadata.ResourceVersion == _version)
        {
            return;
        }

        _version = lease.Metadata.ResourceVersion;
        _since = time.GetTimestamp();
        _lasts = lease.IsFree() || lease.IsHeldBy(identity) ? TimeSpan.Zero
            : lease.Spec.LeaseDurationSeconds is > 0 and int seconds ? TimeSpan.FromSeconds(seconds)
            : usualDuration;
    }
}
