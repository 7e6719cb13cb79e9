namespace Ppma.Learning.Training;

/// <summary>The loss of one step.</summary>
/// <param name="Step">From 1: steps done after it.</param>
/// <param name="Loss">Mean over the batch.</param>
/// <param name="Rate">Learning rate before layer decay.</param>
/// <param name="GradientNorm">Joint norm of all gradients before clipping; 0 in a curve that was read back.</param>
/// <param name="Skipped">Whether the step changed the weights.</param>
public readonly record struct StepLoss(
    long Step, float Loss, double Rate, float GradientNorm = 0, SkippedUpdate Skipped = SkippedUpdate.None);
