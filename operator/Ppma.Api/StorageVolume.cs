using System.ComponentModel.DataAnnotations;

namespace Ppma.Api;

/// <summary>The volume behind a <c>file:///</c> URI in a cluster: its root is mounted at the URI's path.</summary>
public sealed record StorageVolume
{
    /// <summary>A claim in the same namespace.</summary>
    [Required]
    public ResourceReference? PersistentVolumeClaim { get; init; }
}
