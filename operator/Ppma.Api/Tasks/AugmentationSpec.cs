namespace Ppma.Api.Tasks;

/// <summary>Augmentation of supervised training; all zero means crops only.</summary>
public sealed record AugmentationSpec
{
    /// <summary>RandAugment operations drawn a clip; 0 turns it off.</summary>
    public int RandAugmentOps { get; init; }

    public double RandAugmentMagnitude { get; init; } = 7;

    public double RandAugmentStd { get; init; } = 0.5;

    public double RandAugmentProbability { get; init; } = 0.5;

    /// <summary>Probability of random erasing; 0 turns it off.</summary>
    public double ErasingProbability { get; init; }

    /// <summary>Beta parameter of MixUp; 0 turns it off.</summary>
    public double MixUpAlpha { get; init; }

    /// <summary>Beta parameter of CutMix; 0 turns it off.</summary>
    public double CutMixAlpha { get; init; }

    /// <summary>Consecutive samples that share one MixUp/CutMix draw.</summary>
    public int MixGroup { get; init; } = 16;

    public double LabelSmoothing { get; init; }
}
