namespace Ppma.Api.Recipes;

/// <summary>What a manifest may say differently from its preset, in a stage as in an evaluation.</summary>
public interface IRecipeOverrides
{
    string Preset { get; }

    double? Epochs { get; }

    int? Steps { get; }

    int? BatchSize { get; }

    long? ShuffleBlockBytes { get; }

    ClipOverrides? Clip { get; }

    AugmentationOverrides? Augmentation { get; }

    OptimizationOverrides? Optimization { get; }
}
