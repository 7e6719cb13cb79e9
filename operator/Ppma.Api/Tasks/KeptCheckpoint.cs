namespace Ppma.Api.Tasks;

/// <summary>A checkpoint that a stage left behind.</summary>
public sealed record KeptCheckpoint
{
    /// <summary>Steps done when it was written.</summary>
    public required long Step { get; init; }

    /// <summary>Its folder, relative to the run's artifacts.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 (hex) of its <c>model.safetensors</c>.</summary>
    public required string Digest { get; init; }

    /// <summary>Whether it did best on the stage's validation set.</summary>
    public bool Best { get; init; }
}
