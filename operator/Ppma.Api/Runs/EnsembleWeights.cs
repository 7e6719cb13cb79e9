using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>Several models made into one.</summary>
public sealed record EnsembleWeights
{
    public EnsembleMethod Method { get; init; } = EnsembleMethod.Average;

    /// <summary>AdaptiveAverage: one score for every tensor of a member, not one for the member.</summary>
    public bool ScorePerTensor { get; init; }

    /// <summary>Two or more models; or one published ensemble file (<c>.pt</c>), which holds several.</summary>
    [Required, MinLength(1), MaxLength(8)]
    public IList<EnsembleMember> Members { get; init; } = [];
}
