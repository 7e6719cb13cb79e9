namespace Ppma.Learning.Training;

/// <summary>The loss of one step.</summary>
/// <param name="Step">From 1: steps done after it.</param>
/// <param name="Loss">Mean over the batch.</param>
/// <param name="Rate">Learning rate before layer decay.</param>
public readonly record struct StepLoss(long Step, float Loss, double Rate);
