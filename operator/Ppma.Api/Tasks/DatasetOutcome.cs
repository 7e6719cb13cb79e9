namespace Ppma.Api.Tasks;

/// <summary>What verification found.</summary>
public sealed record DatasetOutcome
{
    public required string Digest { get; init; }

    public required long Samples { get; init; }

    public required int Shards { get; init; }

    public required long Bytes { get; init; }

    public required int Classes { get; init; }

    public required Humans Humans { get; init; }

    /// <summary>Clips by split.</summary>
    public required IReadOnlyDictionary<string, long> Splits { get; init; }

    /// <summary>SHA-256 (hex) over the class names in their order: equal digests, equal names.</summary>
    public required string ClassesDigest { get; init; }
}
