using System.ComponentModel.DataAnnotations;
using Ppma.Api.Schemas;

namespace Ppma.Api.Runs;

/// <summary>A checkpoint of a finished PretrainRun in the same namespace.</summary>
[Rule("has(self.step) == (self.select == 'Step')", "step goes with select: Step, and only with it")]
public sealed record RunWeights
{
    /// <summary>The PretrainRun.</summary>
    [Required, MaxLength(NameRules.RunNameLength), RegularExpression(NameRules.Subdomain)]
    public string Name { get; init; } = "";

    /// <summary>Which of its stages; left out, the last.</summary>
    [MaxLength(NameRules.StageNameLength), RegularExpression(NameRules.Label)]
    public string? Stage { get; init; }

    /// <summary>Which of the stage's checkpoints.</summary>
    public CheckpointSelection Select { get; init; } = CheckpointSelection.Last;

    /// <summary>With <see cref="CheckpointSelection.Step"/>: which step.</summary>
    [Range(1, long.MaxValue)]
    public long? Step { get; init; }
}
