using System.ComponentModel.DataAnnotations;
using Ppma.Api.Recipes;
using Ppma.Api.Schemas;

namespace Ppma.Api.Pretraining;

/// <summary>One stage: an objective, its data, and a preset with what differs from it.</summary>
[Rule("!(has(self.epochs) && has(self.steps))", "epochs stands beside steps; keep one of them")]
[Rule("self.datasets.all(one, self.datasets.exists_one(other, other.name == one.name && other.split == one.split))", "datasets: a split of a data set is listed twice; give it a repeat or a weight instead")]
[Rule("self.datasets.all(one, has(one.weight)) || !self.datasets.exists(one, has(one.weight))", "datasets: some have a weight and some have none; give all of them one, or none")]
[Rule("self.objective != 'MaskedAutoencoding' || !has(self.labelSpace)", "labelSpace has no meaning for MaskedAutoencoding; leave it out")]
[Rule("self.objective != 'MaskedAutoencoding' || !has(self.augmentation)", "augmentation has no meaning for MaskedAutoencoding, which only crops; leave it out")]
[Rule("self.objective != 'ActionClassification' || !has(self.maskRatio)", "maskRatio has no meaning for ActionClassification; leave it out")]
[Rule("self.objective != 'ActionClassification' || !has(self.reconstructionEveryEpochs)", "reconstructionEveryEpochs has no meaning for ActionClassification; leave it out")]
[Rule("self.objective != 'ActionClassification' || !has(self.viewsPerClip) || self.viewsPerClip == 1", "viewsPerClip must be 1 for ActionClassification; leave it out")]
public sealed record StageSpec : IRecipeOverrides
{
    /// <summary>Unique in the run.</summary>
    [Required, MaxLength(NameRules.StageNameLength), RegularExpression(NameRules.Label)]
    public string Name { get; init; } = "";

    /// <summary>What the stage learns from.</summary>
    [Required]
    public Objective? Objective { get; init; }

    /// <summary>The recipe that the rest differs from; one of <see cref="RecipeCatalog.Stages"/>.</summary>
    [Required, MaxLength(63)]
    public string Preset { get; init; } = "";

    /// <summary>What it is trained on.</summary>
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

    /// <summary>How clips are cut, where it differs from the preset.</summary>
    public ClipOverrides? Clip { get; init; }

    /// <summary>ActionClassification: augmentation, where it differs from the preset.</summary>
    public AugmentationOverrides? Augmentation { get; init; }

    /// <summary>AdamW and its schedule, where they differ from the preset.</summary>
    public OptimizationOverrides? Optimization { get; init; }
}
