namespace Ppma.Api.Datasets;

/// <summary>What the last verification found.</summary>
public sealed record VideoDatasetStatus
{
    public long ObservedGeneration { get; init; } = -1;

    public IList<Condition> Conditions { get; init; } = [];

    /// <summary>SHA-256 (hex) of the index.</summary>
    public string? Digest { get; init; }

    public long? Samples { get; init; }

    public int? Shards { get; init; }

    public long? Bytes { get; init; }

    public int? Classes { get; init; }

    public DateTime? LastVerifiedTime { get; init; }

    /// <summary>The value of the annotation <c>ppma.cloud/requestedAt</c> that was last acted on.</summary>
    public string? LastHandledRequest { get; init; }
}
