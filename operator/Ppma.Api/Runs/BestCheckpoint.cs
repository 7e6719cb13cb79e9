using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>Which checkpoint counts as the best; needs a validation set.</summary>
public sealed record BestCheckpoint
{
    /// <summary>For example <c>top1</c> or <c>loss</c>.</summary>
    [Required, MaxLength(64)]
    public string Metric { get; init; } = "";

    public BestMode Mode { get; init; } = BestMode.Max;
}
