using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>A checkpoint that no run of this cluster made. It has no record, so a privacy gate refuses it.</summary>
public sealed record CheckpointWeights
{
    /// <summary>A checkpoint folder, or a <c>.safetensors</c> or <c>.pt</c> file.</summary>
    [Required, MaxLength(1024)]
    public string Uri { get; init; } = "";

    /// <summary>SHA-256 (hex) of the weights file.</summary>
    [Required, RegularExpression(NameRules.Sha256)]
    public string Sha256 { get; init; } = "";

    /// <summary>What it was trained for: the final norm is taken over from ActionClassification only.</summary>
    [Required]
    public Objective? Objective { get; init; }

    public Credentials? Credentials { get; init; }
}
