namespace Ppma.Learning.Costs;

/// <summary>What a training step costs, from its numbers alone. Pure: nothing is made or measured.</summary>
/// <param name="Parameters">Numbers in the model that can be learned.</param>
/// <param name="Trainable">Those of them that are.</param>
/// <param name="Flops">Floating-point operations of one update.</param>
/// <param name="Memory">Bytes at the peak.</param>
/// <param name="CheckpointBytes">Size of one checkpoint, all its files.</param>
public sealed record StepCost(long Parameters, long Trainable, StepFlops Flops, StepMemory Memory, long CheckpointBytes)
{
    public static StepCost Of(StepWork work) => new(
        work.Layout.ParameterCount,
        work.Trainable.Sum(tensor => tensor.Elements),
        StepFlops.Of(work),
        StepMemory.Of(work),
        CheckpointSize.Of(work));

    /// <summary>Model FLOPs utilisation (MFU), a share of 1.</summary>
    /// <param name="stepsPerSecond">Updates a second, as measured.</param>
    /// <param name="peakFlops">What the device could compute a second, in the precision of the matrix products.</param>
    public double Utilisation(double stepsPerSecond, double peakFlops) => Flops.Useful * stepsPerSecond / peakFlops;
}
