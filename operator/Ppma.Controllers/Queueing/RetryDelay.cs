namespace Ppma.Controllers.Queueing;

/// <summary>How long to wait before another try: twice as long each time, up to a longest, each spread so that not everything comes at once.</summary>
/// <param name="shortest">The first delay.</param>
/// <param name="longest">No delay is longer, but for its spread.</param>
/// <param name="spread">0.2: a delay is between 80 % and 120 %.</param>
/// <param name="draw">Uniform in [0, 1).</param>
internal sealed class RetryDelay(TimeSpan shortest, TimeSpan longest, double spread, Func<double> draw)
{
    /// <param name="failuresBefore">How many tries failed before the one that just did.</param>
    public TimeSpan After(int failuresBefore)
    {
        var doubled = shortest.TotalMilliseconds * Math.Pow(2, Math.Min(failuresBefore, 40));
        var capped = Math.Min(doubled, longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(capped * (1 - spread + (2 * spread * draw())));
    }
}
