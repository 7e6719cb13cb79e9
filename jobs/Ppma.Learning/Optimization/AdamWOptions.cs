namespace Ppma.Learning.Optimization;

/// <summary>What AdamW ("Decoupled Weight Decay Regularization", arXiv 1711.05101) keeps for a whole run.</summary>
public sealed record AdamWOptions
{
    public double Beta1 { get; init; } = 0.9;

    public double Beta2 { get; init; } = 0.999;

    public double Epsilon { get; init; } = 1e-8;
}
