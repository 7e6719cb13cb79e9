using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Datasets;

/// <summary>What the pods that verify a data set need of their namespace. Everything else about them is the operator's setting.</summary>
public sealed record VerificationSettings
{
    /// <summary>Whose workload identity opens the store; must carry the annotation <c>ppma.cloud/allow-runs: "true"</c>.</summary>
    [MaxLength(253)]
    public string? ServiceAccountName { get; init; }

    /// <summary>Secrets that open the registry of the worker's image.</summary>
    [MaxLength(8)]
    public IList<ResourceReference> PullSecrets { get; init; } = [];
}
