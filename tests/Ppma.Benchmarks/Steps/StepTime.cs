namespace Ppma.Benchmarks.Steps;

/// <summary>Seconds of one training step.</summary>
internal sealed record StepTime(double Forward, double Backward, double Update)
{
    public double All => Forward + Backward + Update;

    /// <summary>Part by part, the median of several steps.</summary>
    public static StepTime Median(IReadOnlyCollection<StepTime> steps) => new(
        Medians.Of(steps.Select(step => step.Forward)),
        Medians.Of(steps.Select(step => step.Backward)),
        Medians.Of(steps.Select(step => step.Update)));
}
