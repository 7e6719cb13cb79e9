namespace Ppma.Learning.Training;

/// <summary>Training stopped as asked, its checkpoint is durable, and another attempt goes on from it.</summary>
public sealed class TrainingInterruptedException(long step) : Exception($"Training stopped at step {step}; its checkpoint is saved.")
{
    public long Step { get; } = step;
}
