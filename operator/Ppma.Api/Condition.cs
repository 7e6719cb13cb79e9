using System.ComponentModel.DataAnnotations;

namespace Ppma.Api;

/// <summary>One aspect of a resource's state, as the Kubernetes API conventions have it.</summary>
/// <remarks>
/// Type and reason are strings here, so that an operator can read what a newer one wrote; <see cref="Conditions.ConditionList"/> writes
/// them from the closed enums.
/// </remarks>
public sealed record Condition
{
    /// <summary>Which aspect; unique in the list.</summary>
    [Required, MaxLength(64)]
    public string Type { get; init; } = "";

    /// <summary>True, False or Unknown.</summary>
    [Required, MaxLength(16)]
    public string Status { get; init; } = "";

    /// <summary>Why, in one word that programs can rely on.</summary>
    [Required, MaxLength(64)]
    public string Reason { get; init; } = "";

    /// <summary>Why, in words for people: the object, the field, the cause and what to do.</summary>
    [MaxLength(Runs.StatusLimits.MessageLength)]
    public string Message { get; init; } = "";

    /// <summary>Since when the status is what it is.</summary>
    [Required]
    public DateTime LastTransitionTime { get; init; }

    /// <summary>The generation of the spec that this was said of.</summary>
    [Range(-1, long.MaxValue)]
    public long ObservedGeneration { get; init; } = -1;
}
