using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>A volume for artifacts.</summary>
public sealed record ArtifactsVolume
{
    [Required]
    public ResourceReference? PersistentVolumeClaim { get; init; }
}
