namespace Ppma.Api.Runs;

/// <summary>Where the record of a finished run is.</summary>
public sealed record RecordReference
{
    public string Uri { get; init; } = "";

    /// <summary>SHA-256 (hex) of its bytes.</summary>
    public string Digest { get; init; } = "";
}
