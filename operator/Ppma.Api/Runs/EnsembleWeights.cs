using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>Several models made into one. Not available yet.</summary>
public sealed record EnsembleWeights
{
    public EnsembleMethod Method { get; init; } = EnsembleMethod.Average;

    [Required, MinLength(2), MaxLength(8)]
    public IList<EnsembleMember> Members { get; init; } = [];
}
