namespace Ppma.Video.Augmentation;

/// <summary>The operations of RandAugment (Cubuk et al., 2020), with what their argument means.</summary>
public enum AugmentationOperation
{
    /// <summary>Factor: 0 is black, 1 the original.</summary>
    AdjustBrightness,

    /// <summary>Factor: 0 is the mean grey of each frame, 1 the original.</summary>
    AdjustContrast,

    /// <summary>Factor: 0 is grey, 1 the original.</summary>
    AdjustSaturation,

    /// <summary>Factor: 0 is blurred, 1 the original.</summary>
    AdjustSharpness,

    /// <summary>Stretches every channel of every frame to 0..1; no argument.</summary>
    AutoContrast,

    /// <summary>Equalises the histogram of every channel of every frame; no argument.</summary>
    Equalize,

    /// <summary>Negative; no argument.</summary>
    Invert,

    /// <summary>Degrees, counter-clockwise.</summary>
    Rotate,

    /// <summary>Bits kept of each 8-bit value.</summary>
    Posterize,

    /// <summary>Threshold from which on values are inverted.</summary>
    Solarize,

    /// <summary>Horizontal shift per row.</summary>
    ShearX,

    /// <summary>Vertical shift per column.</summary>
    ShearY,

    /// <summary>Horizontal shift as a share of the width.</summary>
    TranslateX,

    /// <summary>Vertical shift as a share of the height.</summary>
    TranslateY,
}
