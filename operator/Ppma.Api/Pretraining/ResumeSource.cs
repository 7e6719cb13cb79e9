using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Pretraining;

/// <summary>A run that is continued exactly: optimiser, random numbers and place in the data.</summary>
public sealed record ResumeSource
{
    /// <summary>The PretrainRun, in the same namespace; it must have ended, well or not.</summary>
    [Required]
    public ResourceReference? Run { get; init; }
}
