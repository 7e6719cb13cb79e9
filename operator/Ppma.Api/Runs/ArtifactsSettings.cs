using System.ComponentModel.DataAnnotations;
using Ppma.Api.Schemas;

namespace Ppma.Api.Runs;

/// <summary>Where checkpoints, curves and results go: <c>&lt;uri&gt;/&lt;namespace&gt;/&lt;name&gt;/&lt;8 hex digits&gt;/</c>.</summary>
[Rule("self.uri.startsWith('file:') || self.uri.startsWith('https://') || self.uri.startsWith('http://')", "uri must be file:///absolute/path or https://<account>.blob.core.windows.net/<container>/<prefix>")]
public sealed record ArtifactsSettings
{
    /// <summary>The folder that all runs' folders are made in: <c>file:///absolute/path</c>, <c>file:NAME</c> below the output folder of <c>ppma run</c>, or a blob container URL.</summary>
    [Required, MaxLength(1024)]
    public string Uri { get; init; } = "";

    /// <summary>How the store is reached; left out, by workload identity.</summary>
    public Credentials? Credentials { get; init; }

    /// <summary>The volume behind a <c>file:</c> URI in a cluster.</summary>
    public StorageVolume? Volume { get; init; }
}
