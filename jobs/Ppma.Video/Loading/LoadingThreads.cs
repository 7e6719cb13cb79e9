using System.Runtime.ExceptionServices;

namespace Ppma.Video.Loading;

/// <summary>Does the places of a batch side by side.</summary>
internal static class LoadingThreads
{
    /// <summary>Calls <paramref name="load"/> once for each place; the first fault leaves as it was thrown, not wrapped.</summary>
    public static void ForEachPlace(int places, int threads, Action<int> load, CancellationToken cancellationToken)
    {
        try
        {
            Parallel.For(0, places, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, load);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
