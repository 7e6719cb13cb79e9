namespace Ppma.Learning.Checkpoints;

/// <summary>Which checkpoints stay. One that any rule names stays.</summary>
public sealed record CheckpointRetention
{
    /// <param name="keepLast">Newest checkpoints to keep, at least 2: the newest may be damaged.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="keepLast"/> is less than 2.</exception>
    public CheckpointRetention(int keepLast)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keepLast, 2);
        KeepLast = keepLast;
    }

    public int KeepLast { get; }

    /// <summary>Checkpoints of every so many steps stay for good; 0 keeps none so.</summary>
    public long KeepEverySteps { get; init; }

    /// <summary>The metric of <see cref="TrainingState.Metrics"/> whose best checkpoint stays; null keeps none so.</summary>
    public string? BestMetric { get; init; }

    /// <summary>Whether more of <see cref="BestMetric"/> is better.</summary>
    public bool MoreIsBetter { get; init; }

    /// <summary>The steps of <paramref name="steps"/> whose checkpoints are no longer kept.</summary>
    public IEnumerable<long> Outdated(IEnumerable<long> steps, long? best) => steps
        .OrderDescending()
        .Skip(KeepLast)
        .Where(step => step != best && !KeepsForGood(step));

    /// <summary>Whether the checkpoint of a step stays however many follow.</summary>
    public bool KeepsForGood(long step) => KeepEverySteps > 0 && step % KeepEverySteps == 0;

    /// <summary>Whether a value takes the place of the best so far. One that is no number never does; of equals the first stays.</summary>
    internal bool IsBetter(double value, double? best) =>
        double.IsFinite(value) && (best is not { } standing || (MoreIsBetter ? value > standing : value < standing));
}
