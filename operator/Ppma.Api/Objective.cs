namespace Ppma.Api;

/// <summary>What a stage learns from.</summary>
public enum Objective
{
    MaskedAutoencoding,
    ActionClassification,
}
