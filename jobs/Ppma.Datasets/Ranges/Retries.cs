using System.Security.Cryptography;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Ranges;

/// <summary>
/// The tries of one thing at one place: exponential back-off with full jitter, at least what the service asked for, and an end.
/// Progress forgives what was before, so that a range that moves goes on.
/// </summary>
internal sealed class Retries(string location, RangeOptions options, TimeProvider time, Func<double> jitter, StreamMetrics metrics)
{
    private long _stuckSince = time.GetTimestamp();
    private int _failed;

    /// <summary>The service asked for patience at least once.</summary>
    public bool Throttled { get; private set; }

    /// <summary>Uniform over [0, 1). Differs from process to process, so that those which failed together do not come back together.</summary>
    public static double RandomJitter() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;

    /// <summary>A byte came: the tries begin anew.</summary>
    public void Progress()
    {
        _failed = 0;
        _stuckSince = time.GetTimestamp();
    }

    /// <summary>Waits until it is time for another try.</summary>
    /// <exception cref="StoreException">All tries are used up; says how many, over how long, and the last cause.</exception>
    public Task WaitAsync(TransientRangeException cause, CancellationToken cancellationToken)
    {
        _failed++;
        Throttled |= cause.Reason == RetryReason.Throttled;
        if (_failed >= options.Tries)
        {
            throw Exhausted(cause);
        }

        metrics.Retries(cause.Reason).Inc();
        return Task.Delay(NextDelay(cause.RetryAfter), time, cancellationToken);
    }

    /// <summary>Runs an operation until it succeeds, fails for good, or the tries are used up.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await operation(cancellationToken);
            }
            catch (TransientRangeException cause)
            {
                await WaitAsync(cause, cancellationToken);
            }
        }
    }

    private TimeSpan NextDelay(TimeSpan? askedFor)
    {
        TimeSpan bound = options.FirstDelay * Math.Pow(2, Math.Min(_failed - 1, 30));
        TimeSpan drawn = Shorter(bound, options.LongestDelay) * jitter();
        TimeSpan asked = Shorter(askedFor ?? TimeSpan.Zero, options.LongestDelay);
        return drawn > asked ? drawn : asked;

        static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
    }

    private StoreException Exhausted(TransientRangeException cause)
    {
        string tries = _failed == 1 ? "1 try" : $"{_failed} tries in a row";
        double stuck = time.GetElapsedTime(_stuckSince).TotalSeconds;
        return cause.Reason == RetryReason.Version
            ? new StoreException(
                StoreFailure.Changed, location, $"{tries} over {stuck:0.0} s failed; the last: {cause.Message}",
                "The data set changed under the run, or something between here and the store answers from an old copy: read the store directly, or use the data set's new digest")
            : new StoreException(
                StoreFailure.Unavailable, location, $"{tries} over {stuck:0.0} s failed; the last: {cause.Message}",
                "Check the network and the store's health, then run again", cause);
    }
}
