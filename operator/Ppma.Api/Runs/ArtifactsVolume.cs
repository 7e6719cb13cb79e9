using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>A volume for artifacts.</summary>
public sealed record ArtifactsVolume
{
    /// <summary>The claim, in the same namespace; mounted at the URI's own path.</summary>
    [Required]
    public ResourceReference? PersistentVolumeClaim { get; init; }
}
