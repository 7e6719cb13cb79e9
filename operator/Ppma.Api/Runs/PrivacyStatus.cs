using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>What the privacy gate decided, and on what grounds.</summary>
public sealed record PrivacyStatus
{
    /// <summary>The outcome.</summary>
    public PrivacyDecision Decision { get; init; }

    /// <summary>What was looked at.</summary>
    [MaxLength(64)]
    public IList<PrivacyInput> Inputs { get; init; } = [];

    /// <summary>How many more inputs passed that have no room here; the record lists them all.</summary>
    [Range(0, int.MaxValue)]
    public int? OmittedInputs { get; init; }
}
