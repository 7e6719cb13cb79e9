namespace Ppma.Worker.Tracking;

/// <summary>What consecutive steps took together.</summary>
/// <param name="Steps">At least one.</param>
/// <param name="Elapsed">Wall-clock time, waiting included.</param>
/// <param name="Waited">The part of it in which the loop waited for batches.</param>
internal readonly record struct StepTimes(int Steps, TimeSpan Elapsed, TimeSpan Waited)
{
    public double SecondsPerStep => Elapsed.TotalSeconds / Steps;

    /// <summary>0 to 1.</summary>
    public double WaitShare => Math.Min(1, Waited / Elapsed);
}
