using System.ComponentModel.DataAnnotations;
using Ppma.Api.Schemas;

namespace Ppma.Api.Runs;

/// <summary>Several models made into one.</summary>
[Rule("self.method == 'AdaptiveAverage' || !self.scorePerTensor", "scorePerTensor has no meaning for the plain Average; use method: AdaptiveAverage, or leave it out")]
[Rule("self.members.size() > 1 || has(self.members[0].fromCheckpoint)", "members has one run, which is no ensemble; name at least two models, or one published ensemble file (fromCheckpoint)")]
public sealed record EnsembleWeights
{
    /// <summary>How the members' weights are joined.</summary>
    public EnsembleMethod Method { get; init; } = EnsembleMethod.Average;

    /// <summary>AdaptiveAverage: one score for every tensor of a member, not one for the member.</summary>
    public bool ScorePerTensor { get; init; }

    /// <summary>Two or more models; or one published ensemble file (<c>.pt</c>), which holds several.</summary>
    [Required, MinLength(1), MaxLength(8)]
    public IList<EnsembleMember> Members { get; init; } = [];
}
