namespace Ppma.Worker.Execution;

/// <summary>The runner stopped because it was asked to, and left a checkpoint: exit code 42.</summary>
internal sealed class TaskInterruptedException : Exception
{
    /// <param name="step">The step the checkpoint was written after.</param>
    public TaskInterruptedException(long step)
        : base($"Stopped as asked after step {step}; its checkpoint is written and the next attempt continues there.")
    {
        Step = step;
    }

    public long Step { get; }
}
