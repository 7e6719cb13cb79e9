using Ppma.Datasets.Metrics;

namespace Ppma.Datasets.Ranges;

/// <summary>A request failed in a way that another try may mend. Never leaves this assembly: when the tries are used up a <see cref="Stores.StoreException"/> does.</summary>
internal sealed class TransientRangeException(RetryReason reason, string problem, TimeSpan? retryAfter = null, Exception? innerException = null)
    : IOException(problem, innerException)
{
    public RetryReason Reason { get; } = reason;

    /// <summary>How long the service asked to wait.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
