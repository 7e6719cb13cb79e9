using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Datasets;

/// <summary>What the last verification found.</summary>
public sealed record VideoDatasetStatus
{
    public long ObservedGeneration { get; init; } = -1;

    [MaxLength(16)]
    public IList<Condition> Conditions { get; init; } = [];

    /// <summary>SHA-256 (hex) of the index.</summary>
    [MaxLength(64)]
    public string? Digest { get; init; }

    public long? Samples { get; init; }

    public int? Shards { get; init; }

    public long? Bytes { get; init; }

    public int? Classes { get; init; }

    /// <summary>SHA-256 (hex) over the class names in their order.</summary>
    [MaxLength(64)]
    public string? ClassesDigest { get; init; }

    /// <summary>Clips by split.</summary>
    [MaxLength(16)]
    public IDictionary<string, long>? Splits { get; init; }

    /// <summary>What the index says about who is in the footage.</summary>
    public Humans? Humans { get; init; }

    public DateTime? LastVerifiedTime { get; init; }

    /// <summary>The spec's generation that was verified last.</summary>
    public long? VerifiedGeneration { get; init; }

    /// <summary>The value of the annotation <c>ppma.cloud/requestedAt</c> that was last acted on.</summary>
    [MaxLength(253)]
    public string? LastHandledRequest { get; init; }

    /// <summary>Number of the current or last verification, from 1.</summary>
    public int Attempt { get; init; }

    /// <summary>The Job of that verification.</summary>
    public ResourceReference? JobRef { get; init; }

    /// <summary>Verifications in a row that failed.</summary>
    public int Failures { get; init; }

    /// <summary>When it is verified again by itself.</summary>
    public DateTime? NextVerificationTime { get; init; }
}
