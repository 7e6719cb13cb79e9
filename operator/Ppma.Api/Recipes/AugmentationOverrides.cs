using System.ComponentModel.DataAnnotations;
using Ppma.Api.Tasks;

namespace Ppma.Api.Recipes;

/// <summary>Augmentation of supervised training, where it differs from the preset.</summary>
public sealed record AugmentationOverrides
{
    /// <summary>RandAugment operations drawn a clip; 0 turns it off.</summary>
    [Range(0, 14)]
    public int? RandAugmentOps { get; init; }

    /// <summary>Strength of RandAugment's operations.</summary>
    [Range(0.0, 10)]
    public double? RandAugmentMagnitude { get; init; }

    /// <summary>Standard deviation of that strength.</summary>
    [Range(0.0, 10)]
    public double? RandAugmentStd { get; init; }

    /// <summary>Probability of each drawn operation.</summary>
    [Range(0.0, 1)]
    public double? RandAugmentProbability { get; init; }

    /// <summary>Probability of random erasing; 0 turns it off.</summary>
    [Range(0.0, 1)]
    public double? ErasingProbability { get; init; }

    /// <summary>Beta parameter of MixUp; 0 turns it off.</summary>
    [Range(0.0, 100)]
    public double? MixUpAlpha { get; init; }

    /// <summary>Beta parameter of CutMix; 0 turns it off.</summary>
    [Range(0.0, 100)]
    public double? CutMixAlpha { get; init; }

    /// <summary>Consecutive samples that share one MixUp/CutMix draw.</summary>
    [Range(1, 65_536)]
    public int? MixGroup { get; init; }

    /// <summary>Share of a label that is spread over all classes.</summary>
    [Range(0.0, 0.999)]
    public double? LabelSmoothing { get; init; }

    internal static AugmentationSpec Apply(AugmentationOverrides? overrides, AugmentationSpec preset) => overrides is null ? preset : new()
    {
        RandAugmentOps = overrides.RandAugmentOps ?? preset.RandAugmentOps,
        RandAugmentMagnitude = overrides.RandAugmentMagnitude ?? preset.RandAugmentMagnitude,
        RandAugmentStd = overrides.RandAugmentStd ?? preset.RandAugmentStd,
        RandAugmentProbability = overrides.RandAugmentProbability ?? preset.RandAugmentProbability,
        ErasingProbability = overrides.ErasingProbability ?? preset.ErasingProbability,
        MixUpAlpha = overrides.MixUpAlpha ?? preset.MixUpAlpha,
        CutMixAlpha = overrides.CutMixAlpha ?? preset.CutMixAlpha,
        MixGroup = overrides.MixGroup ?? preset.MixGroup,
        LabelSmoothing = overrides.LabelSmoothing ?? preset.LabelSmoothing,
    };
}
