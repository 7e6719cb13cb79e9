using Ppma.Api.Runs;
using Ppma.Api.Tasks;

namespace Ppma.Operator.Progress;

/// <summary>An attempt's answers, as far as they matter. Times are the monotonic clock's but for those that status shows.</summary>
internal sealed record ProgressRecord
{
    private static readonly TimeSpan LongestUnchanged = TimeSpan.FromSeconds(60);

    /// <summary>A worker that is slower than this has no end that anybody waits for.</summary>
    private static readonly TimeSpan LongestEta = TimeSpan.FromDays(3650);

    /// <summary>When it was asked first.</summary>
    public required long AskedAt { get; init; }

    public TaskProgress? Latest { get; private init; }

    public long LatestAt { get; private init; }

    public long MovedAt { get; private init; }

    public string? Problem { get; private init; }

    public TaskProgress? Shown { get; private init; }

    public DateTimeOffset ShownTime { get; private init; }

    public long ShownAt { get; private init; }

    /// <summary>Whether whoever looks last was told that the worker answers.</summary>
    public bool ShownReachable { get; private init; } = true;

    public ProgressRecord With(ProgressReply reply, TimeProvider time)
    {
        if (reply.Progress is not { } progress)
        {
            return this with { Problem = reply.Problem };
        }

        var now = time.GetTimestamp();
        var moved = Latest is null || Latest.Step != progress.Step || Latest.Phase != progress.Phase;
        return this with { Latest = progress, LatestAt = now, MovedAt = moved ? now : MovedAt, Problem = null };
    }

    public TimeSpan Silence(TimeProvider time) => time.GetElapsedTime(Latest is null ? AskedAt : LatestAt);

    public bool IsReachable(TimeProvider time) => Silence(time) < ProgressSnapshot.Fresh;

    /// <summary>Whether there is something that is worth a write.</summary>
    public bool IsDue(TimeProvider time) => IsReachable(time) != ShownReachable || (Latest is { } latest && IsWorthShowing(latest, time));

    public ProgressRecord AsShown(TimeProvider time) => this with
    {
        Shown = Latest,
        ShownTime = time.GetUtcNow(),
        ShownAt = time.GetTimestamp(),
        ShownReachable = IsReachable(time),
    };

    public ProgressSnapshot Snapshot(TimeProvider time) => new()
    {
        Latest = Latest,
        Silence = Silence(time),
        Unmoved = Latest is null ? TimeSpan.Zero : time.GetElapsedTime(MovedAt, LatestAt),
        Problem = Problem,
        Shown = Shown is { } shown ? StatusOf(shown, ShownTime) : null,
        Checkpoint = Shown?.Checkpoint is { } kept ? new() { Path = kept.Path, Digest = kept.Digest, Step = kept.Step } : null,
        CheckpointTime = Shown?.Checkpoint is { } shownCheckpoint ? WholeSecond(shownCheckpoint.Time) : null,
    };

    private bool IsWorthShowing(TaskProgress latest, TimeProvider time) =>
        Shown is not { } shown
        || latest.Phase != shown.Phase
        || (shown.Step == 0 && latest.Step > 0)
        || Math.Abs(latest.Percent - shown.Percent) >= 1
        || latest.Checkpoint?.Step != shown.Checkpoint?.Step
        || (latest.Step != shown.Step && time.GetElapsedTime(ShownAt) >= LongestUnchanged);

    private static ProgressStatus StatusOf(TaskProgress progress, DateTimeOffset received) => new()
    {
        Percent = Math.Round(Math.Clamp(progress.Percent, 0, 100), 1),
        Epoch = progress.Epoch is { } epoch && double.IsFinite(epoch) ? Math.Round(Math.Max(0, epoch), 2) : null,
        Step = progress.Step,
        TotalSteps = progress.TotalSteps,
        Rate = double.IsFinite(progress.ClipsPerSecond) ? Math.Round(Math.Max(0, progress.ClipsPerSecond), 2) : 0,
        Eta = progress.EtaSeconds > 0 && progress.EtaSeconds < LongestEta.TotalSeconds
            ? WholeSecond(received + TimeSpan.FromSeconds(progress.EtaSeconds))
            : null,
        Loss = progress.Loss is { } loss && double.IsFinite(loss) ? loss : null,
        LastProgressTime = WholeSecond(progress.LastProgressTime < received ? progress.LastProgressTime : received),
    };

    // As an API server shows times; a status that is read back is then the same.
    private static DateTime WholeSecond(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds()).UtcDateTime;
}
