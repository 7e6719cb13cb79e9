namespace Ppma.Api.Runs;

/// <summary>The newest committed checkpoint.</summary>
public sealed record CheckpointStatus
{
    public string Uri { get; init; } = "";

    /// <summary>SHA-256 (hex) of the weights file.</summary>
    public string Digest { get; init; } = "";

    public long Step { get; init; }
}
