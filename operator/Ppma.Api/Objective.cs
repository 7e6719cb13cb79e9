namespace Ppma.Api;

/// <summary>What a stage learns from.</summary>
public enum Objective
{
    /// <summary>Reconstructs masked parts of the video; needs no classes.</summary>
    MaskedAutoencoding,

    /// <summary>Tells the classes of the actions.</summary>
    ActionClassification,
}
