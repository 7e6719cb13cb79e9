using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>Where the record of a finished run is.</summary>
public sealed record RecordReference
{
    /// <summary>The file.</summary>
    [MaxLength(1280)]
    public string Uri { get; init; } = "";

    /// <summary>SHA-256 (hex) of its bytes.</summary>
    [MaxLength(64)]
    public string Digest { get; init; } = "";
}
