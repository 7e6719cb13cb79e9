using Ppma.Datasets.Metrics;

namespace Ppma.Datasets.Reading;

/// <summary>What has the wrong hash is read once more before it is believed: its bytes may have gone wrong on their way.</summary>
internal static class SecondReading
{
    /// <exception cref="DatasetFormatException">The hash was wrong both times, or something else is wrong.</exception>
    public static async Task<T> AfterWrongHashAsync<T>(Func<Task<T>> read, StreamMetrics metrics)
    {
        for (bool isSecond = false; ; isSecond = true)
        {
            try
            {
                return await read().ConfigureAwait(false);
            }
            catch (DatasetFormatException problem) when (problem.Fault is DatasetFault.HashMismatch or DatasetFault.DigestMismatch)
            {
                metrics.HashFailures.Inc();
                if (isSecond)
                {
                    throw;
                }

                metrics.Retries(RetryReason.Hash).Inc();
            }
        }
    }
}
