namespace Ppma.Learning.Evaluation;

/// <summary>A class and the softmax of its logit, 0..1.</summary>
public readonly record struct ClassProbability(int Class, double Probability);
