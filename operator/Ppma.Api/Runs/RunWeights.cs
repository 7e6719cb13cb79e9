using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>A checkpoint of a finished PretrainRun in the same namespace.</summary>
public sealed record RunWeights
{
    [Required, MaxLength(NameRules.RunNameLength), RegularExpression(NameRules.Subdomain)]
    public string Name { get; init; } = "";

    /// <summary>Which of its stages; left out, the last.</summary>
    [MaxLength(NameRules.StageNameLength), RegularExpression(NameRules.Label)]
    public string? Stage { get; init; }

    public CheckpointSelection Select { get; init; } = CheckpointSelection.Last;

    /// <summary>With <see cref="CheckpointSelection.Step"/>: which step.</summary>
    [Range(1, long.MaxValue)]
    public long? Step { get; init; }
}
