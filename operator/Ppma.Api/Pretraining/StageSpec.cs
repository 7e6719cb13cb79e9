using System.ComponentModel.DataAnnotations;
using Ppma.Api.Recipes;

namespace Ppma.Api.Pretraining;

/// <summary>One stage: an objective, its data, and a preset with what differs from it.</summary>
public sealed record StageSpec : IRecipeOverrides
{
    /// <summary>Unique in the run.</summary>
    [Required, MaxLength(NameRules.StageNameLength), RegularExpression(NameRules.Label)]
    public string Name { get; init; } = "";

    [Required]
    public Objective? Objective { get; init; }

    /// <summary>One of <see cref="RecipeCatalog.Stages"/>.</summary>
    [Required, MaxLength(63)]
    public string Preset { get; init; } = "";

    [Required, MinLength(1), MaxLength(16)]
    public IList<StageDataset> Datasets { get; init; } = [];

    /// <summary>How the classes of several data sets share one head; ActionClassification only.</summary>
    public LabelSpace? LabelSpace { get; init; }

    /// <summary>Length in epochs; an epoch of MaskedAutoencoding with k views a clip takes one k-th of the clips.</summary>
    [Range(0.0001, 1_000_000)]
    public double? Epochs { get; init; }

    /// <summary>Length in steps, in place of epochs.</summary>
    [Range(1, int.MaxValue)]
    public int? Steps { get; init; }

    /// <summary>Views (MaskedAutoencoding) or clips (ActionClassification) a step.</summary>
    [Range(1, 1_000_000)]
    public int? BatchSize { get; init; }

    /// <summary>MaskedAutoencoding: views drawn from one decoded clip; divides the batch size.</summary>
    [Range(1, 1024)]
    public int? ViewsPerClip { get; init; }

    /// <summary>MaskedAutoencoding: share of the tokens that is masked.</summary>
    [Range(0.01, 0.99)]
    public double? MaskRatio { get; init; }

    /// <summary>Bytes within which samples are shuffled; part of the order's definition.</summary>
    [Range(1, long.MaxValue)]
    public long? ShuffleBlockBytes { get; init; }

    /// <summary>Measured on while it trains; left out, nothing is.</summary>
    public StageValidation? Validation { get; init; }

    /// <summary>MaskedAutoencoding: epochs between two drawings of reconstructions; 0 draws at the end only.</summary>
    [Range(0.0, 1_000_000)]
    public double? ReconstructionEveryEpochs { get; init; }

    public ClipOverrides? Clip { get; init; }

    public AugmentationOverrides? Augmentation { get; init; }

    public OptimizationOverrides? Optimization { get; init; }
}
