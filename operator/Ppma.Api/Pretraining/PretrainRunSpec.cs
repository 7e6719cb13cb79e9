using System.ComponentModel.DataAnnotations;
using Ppma.Api.Recipes;
using Ppma.Api.Runs;

namespace Ppma.Api.Pretraining;

/// <summary>What is trained, on what, from where.</summary>
public sealed record PretrainRunSpec : RunSettings
{
    public ModelSpec Model { get; init; } = new();

    /// <summary>In order; each starts from the last checkpoint of the one before.</summary>
    [Required, MinLength(1), MaxLength(8)]
    public IList<StageSpec> Stages { get; init; } = [];

    /// <summary>Where the first stage starts; left out, random.</summary>
    public WeightsSpec? Weights { get; init; }

    /// <summary>Continue another run that ended, exactly; its inputs must be equal. In place of weights.</summary>
    public ResumeSource? ResumeFrom { get; init; }

    public PrivacySpec Privacy { get; init; } = new();
}
