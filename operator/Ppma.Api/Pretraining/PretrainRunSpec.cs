using System.ComponentModel.DataAnnotations;
using Ppma.Api.Recipes;
using Ppma.Api.Runs;
using Ppma.Api.Schemas;

namespace Ppma.Api.Pretraining;

/// <summary>
/// What is trained, on what, from where. Once the run exists only suspend, cancel and ttlSecondsAfterFinished change; deadlines and restart
/// budgets may grow.
/// </summary>
[Rule("self.stages.all(one, self.stages.exists_one(other, other.name == one.name))", "stages: names are unique in a run; rename one")]
[Rule("!(has(self.weights) && has(self.resumeFrom))", "resumeFrom stands beside weights; a run that goes on has its weights already: keep one of them")]
[Rule("!has(self.weights) || !has(self.weights.fromEnsemble) || self.weights.fromEnsemble.method == 'Average'", "weights.fromEnsemble.method: AdaptiveAverage learns its scores together with a head, in an EvalRun; use Average here")]
[Rule("!has(self.checkpoint.best) || self.stages.exists(stage, has(stage.validation))", "checkpoint.best needs a stage with a validation set; give one to a stage, or leave it out: the last checkpoint counts")]
public sealed record PretrainRunSpec : RunSettings
{
    /// <summary>The architecture.</summary>
    public ModelSpec Model { get; init; } = new();

    /// <summary>What is learned, in order; each starts from the last checkpoint of the one before.</summary>
    [Required, MinLength(1), MaxLength(8)]
    public IList<StageSpec> Stages { get; init; } = [];

    /// <summary>Where the first stage starts; left out, random.</summary>
    public WeightsSpec? Weights { get; init; }

    /// <summary>Continue another run that ended, exactly; its inputs must be equal. In place of weights.</summary>
    public ResumeSource? ResumeFrom { get; init; }

    /// <summary>What the privacy gate lets through.</summary>
    public PrivacySpec Privacy { get; init; } = new();
}
