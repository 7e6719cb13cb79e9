namespace Ppma.Learning.Training;

/// <summary>The loss is no number any more. The checkpoints are from before.</summary>
public sealed class TrainingDivergedException(long step, double rate) : Exception(
    $"The loss of step {step} is not finite (learning rate {rate:g3}). The weights of the last checkpoint are from before it. " +
    "Lower the peak rate, lengthen the warm-up or clip the gradients.")
{
    public long Step { get; } = step;
}
