using System.ComponentModel.DataAnnotations;
using Ppma.Api.Schemas;

namespace Ppma.Api.Pretraining;

/// <summary>Clips that a stage is measured on while it trains. The measurement changes no weight; it may choose the best checkpoint.</summary>
[Rule("!(has(self.everyEpochs) && has(self.everySteps))", "everyEpochs stands beside everySteps; keep one of them")]
public sealed record StageValidation
{
    /// <summary>The VideoDataset that is measured on.</summary>
    [Required]
    public ResourceReference? Dataset { get; init; }

    /// <summary>Which split of its index; never one that trains here, or that an EvalRun tests on.</summary>
    [Required, MaxLength(63)]
    public string Split { get; init; } = "validation";

    /// <summary>Epochs between two measurements; left out together with everySteps, 1. The last step always measures.</summary>
    [Range(0.0001, 1_000_000)]
    public double? EveryEpochs { get; init; }

    /// <summary>Steps between two measurements, in place of epochs.</summary>
    [Range(1, int.MaxValue)]
    public int? EverySteps { get; init; }
}
