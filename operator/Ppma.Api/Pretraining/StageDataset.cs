using System.ComponentModel.DataAnnotations;
using Ppma.Api.Schemas;

namespace Ppma.Api.Pretraining;

/// <summary>A VideoDataset as a stage uses it.</summary>
[Rule("!(has(self.repeat) && has(self.weight))", "repeat stands beside weight, which alone decides the share; leave one of them out")]
public sealed record StageDataset
{
    /// <summary>Name of a VideoDataset in the same namespace.</summary>
    [Required, MaxLength(253), RegularExpression(NameRules.Subdomain)]
    public string Name { get; init; } = "";

    /// <summary>Which split of its index.</summary>
    [Required, MaxLength(63)]
    public string Split { get; init; } = "train";

    /// <summary>Share of the batches, in relation to the other sets; left out, by number of clips. All or none have one.</summary>
    [Range(1e-6, 1e6)]
    public double? Weight { get; init; }

    /// <summary>The set counts as if it were so many times as long, in the mix and in an epoch; not together with weights.</summary>
    [Range(1, 1000)]
    public int? Repeat { get; init; }
}
