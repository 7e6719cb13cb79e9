using System.ComponentModel.DataAnnotations;
using Ppma.Api.Schemas;

namespace Ppma.Api.Runs;

/// <summary>A checkpoint that no run of this cluster made. It has no record, so a privacy gate refuses it.</summary>
[Rule("self.uri.startsWith('file:') || self.uri.startsWith('https://') || self.uri.startsWith('http://')", "uri must be file:///absolute/path or https://<account>.blob.core.windows.net/<container>/<prefix>")]
public sealed record CheckpointWeights
{
    /// <summary>A checkpoint folder, or a <c>.safetensors</c> or <c>.pt</c> file.</summary>
    [Required, MaxLength(1024)]
    public string Uri { get; init; } = "";

    /// <summary>SHA-256 (hex) of the weights file.</summary>
    [Required, MaxLength(64), RegularExpression(NameRules.Sha256)]
    public string Sha256 { get; init; } = "";

    /// <summary>What it was trained for: the final norm is taken over from ActionClassification only.</summary>
    [Required]
    public Objective? Objective { get; init; }

    /// <summary>How its store is reached; left out, by workload identity.</summary>
    public Credentials? Credentials { get; init; }
}
