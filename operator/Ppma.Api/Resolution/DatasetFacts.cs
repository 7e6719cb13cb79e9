namespace Ppma.Api.Resolution;

/// <summary>What verification found in a data set.</summary>
public sealed record DatasetFacts
{
    /// <summary>SHA-256 (hex) of the index.</summary>
    public required string Digest { get; init; }

    /// <summary>What the index says about who is in the footage.</summary>
    public required Humans Humans { get; init; }

    /// <summary>Class names in the index's order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Nothing was read: numbers are as the manifest expects them, digest and class names invented (<see cref="Forecast"/>).</summary>
    public bool IsExpected { get; init; }

    /// <summary>Clips by split.</summary>
    public required IReadOnlyDictionary<string, long> Samples { get; init; }
}
