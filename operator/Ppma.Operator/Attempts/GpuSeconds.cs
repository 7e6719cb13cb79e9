using Ppma.Api.Tasks;

namespace Ppma.Operator.Attempts;

/// <summary>
/// GPU time of one attempt, in whole seconds as Kubernetes tells its times, so that the parts are exactly the whole.
/// </summary>
/// <param name="Total">GPUs times the seconds that the worker held them.</param>
/// <param name="Wasted">The part that was lost: what came after the last checkpoint.</param>
internal readonly record struct GpuSeconds(long Total, long Wasted)
{
    public long Useful => Total - Wasted;

    /// <param name="gpus">Of the pod.</param>
    /// <param name="end">How the attempt ended.</param>
    /// <param name="class">Who pays.</param>
    /// <param name="lastCheckpoint">When the newest checkpoint that the next attempt can begin from was written; null when there is none.</param>
    public static GpuSeconds Of(int gpus, AttemptEnd end, ExitClass @class, DateTime? lastCheckpoint)
    {
        if (end is not { StartedAt: { } started, FinishedAt: { } finished } || finished <= started)
        {
            return default;
        }

        long total = gpus * Whole(finished - started);
        bool keepsAll = @class == ExitClass.Done || end.ExitCode == ExitCodes.Interrupted;
        var kept = keepsAll ? finished : lastCheckpoint is { } at && at > started ? (at < finished ? at : finished) : started;
        return new(total, total - (gpus * Whole(kept - started)));
    }

    private static long Whole(TimeSpan time) => time.Ticks / TimeSpan.TicksPerSecond;
}
