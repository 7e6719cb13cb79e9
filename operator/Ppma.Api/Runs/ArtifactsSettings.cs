using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>Where checkpoints, curves and results go: <c>&lt;uri&gt;/&lt;namespace&gt;/&lt;name&gt;/&lt;8 hex digits&gt;/</c>.</summary>
public sealed record ArtifactsSettings
{
    /// <summary><c>file:///absolute/path</c>, <c>file:NAME</c> below the output folder of <c>ppma run</c>, or a blob container URL.</summary>
    [Required, MaxLength(1024)]
    public string Uri { get; init; } = "";

    public Credentials? Credentials { get; init; }

    /// <summary>The volume behind a <c>file:</c> URI in a cluster.</summary>
    public ArtifactsVolume? Volume { get; init; }
}
