using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>A committed checkpoint. Its URI is the run's <c>status.artifactsUri</c> followed by the path.</summary>
public sealed record CheckpointStatus
{
    /// <summary>Its folder, relative to the run's artifacts.</summary>
    [MaxLength(128)]
    public string Path { get; init; } = "";

    /// <summary>SHA-256 (hex) of the weights file.</summary>
    [MaxLength(64)]
    public string Digest { get; init; } = "";

    /// <summary>Steps done when it was written.</summary>
    [Range(0, long.MaxValue)]
    public long Step { get; init; }
}
