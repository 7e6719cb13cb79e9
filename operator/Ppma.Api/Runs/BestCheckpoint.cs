using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>Which checkpoint counts as the best; needs a validation set.</summary>
public sealed record BestCheckpoint
{
    /// <summary>One of <see cref="Tasks.ValidationMetrics.All"/>.</summary>
    [Required, MaxLength(64)]
    public string Metric { get; init; } = "";

    /// <summary>Left out, Min for the loss and Max for the others.</summary>
    public BestMode? Mode { get; init; }
}
