namespace Ppma.Learning.Checkpoints;

/// <summary>Which model a state dict is of, by its names.</summary>
public enum WeightsKind
{
    /// <summary>Trunk, decoder and pixel head of an MAE stage.</summary>
    MaskedAutoencoder,

    /// <summary>Trunk and class heads.</summary>
    Classifier,

    /// <summary>Scores and a class head over trunks that are elsewhere.</summary>
    AdaptiveAverage,

    /// <summary>A trunk alone.</summary>
    Trunk,
}
