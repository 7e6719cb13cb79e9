using Ppma.Learning.Models;
using Ppma.Learning.Precision;

namespace Ppma.Learning.Costs;

/// <summary>What one training step computes, in numbers: all that its cost depends on.</summary>
public sealed record StepWork
{
    public required VisionTransformerOptions Model { get; init; }

    /// <summary>Views (masked autoencoding) or clips (classification) in the batch of one update.</summary>
    public required int Batch { get; init; }

    /// <summary>Masked tokens of a view, as <see cref="MaskedTokensOf"/> counts; null for classification.</summary>
    public int? MaskedTokens { get; init; }

    /// <summary>Outputs of the head; classification only.</summary>
    public int Classes { get; init; }

    /// <summary>Classification: the trunk runs without gradient and only the head learns.</summary>
    public bool TrunkFrozen { get; init; }

    /// <summary>Classification: trunks that are averaged by learned scores; 0 where there is one of its own.</summary>
    public int AveragedModels { get; init; }

    /// <summary>One score for every tensor of an averaged trunk, not one for the trunk.</summary>
    public bool ScorePerTensor { get; init; }

    /// <summary>Parts that the batch is cut into, one after the other.</summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>Whether the blocks' activations are computed again in the backward pass instead of kept.</summary>
    public bool RecomputeActivations { get; init; }

    public ComputePrecision Precision { get; init; }

    /// <summary>Whether a moving average of the weights is kept.</summary>
    public bool MovingAverage { get; init; }

    /// <summary>Tokens of a view that the trunk sees.</summary>
    internal int VisibleTokens => Model.Tokens - (MaskedTokens ?? 0);

    /// <summary>Names and shapes of what is trained.</summary>
    public ModelLayout Layout => this switch
    {
        { MaskedTokens: not null } => ModelLayout.OfMaskedAutoencoder(Model),
        { AveragedModels: > 0 } => ModelLayout.OfAdaptiveAverage(Model, Classes, AveragedModels, ScorePerTensor),
        _ => ModelLayout.OfClassifier(Model, Classes),
    };

    /// <summary>Parameters that have a gradient.</summary>
    internal IEnumerable<ModelTensor> Trainable => Layout.Parameters
        .Where(tensor => !TrunkFrozen || !tensor.Name.StartsWith(TrunkNames.Prefix, StringComparison.Ordinal));

    /// <summary>The share's part of all tokens, truncated as the published code does (1,411 of 1,568 for 0.9).</summary>
    public static int MaskedTokensOf(VisionTransformerOptions model, double maskRatio) => (int)(model.Tokens * maskRatio);
}
