using System.ComponentModel.DataAnnotations;
using Ppma.Api.Schemas;

namespace Ppma.Api.Datasets;

/// <summary>What the last verification found.</summary>
public sealed record VideoDatasetStatus
{
    /// <summary>The spec's generation that was acted on; −1 until the operator has seen the resource, so that nobody takes a fresh one for done.</summary>
    [Range(-1, long.MaxValue)]
    public long ObservedGeneration { get; init; } = -1;

    /// <summary>What is the case, and why.</summary>
    [MaxLength(16)]
    public IList<Condition> Conditions { get; init; } = [];

    /// <summary>SHA-256 (hex) of the index.</summary>
    [MaxLength(64)]
    public string? Digest { get; init; }

    /// <summary>Clips in all splits.</summary>
    [Range(0, long.MaxValue)]
    public long? Samples { get; init; }

    /// <summary>Files that the clips lie in.</summary>
    [Range(0, int.MaxValue)]
    public int? Shards { get; init; }

    /// <summary>Size of all shards.</summary>
    [Range(0, long.MaxValue)]
    public long? Bytes { get; init; }

    /// <summary>Number of classes.</summary>
    [Range(0, int.MaxValue)]
    public int? Classes { get; init; }

    /// <summary>SHA-256 (hex) over the class names in their order.</summary>
    [MaxLength(64)]
    public string? ClassesDigest { get; init; }

    /// <summary>Clips by split.</summary>
    [MaxLength(16), Items]
    public IDictionary<string, long>? Splits { get; init; }

    /// <summary>What the index says about who is in the footage.</summary>
    public Humans? Humans { get; init; }

    /// <summary>When the last verification ended.</summary>
    public DateTime? LastVerifiedTime { get; init; }

    /// <summary>The spec's generation that was verified last.</summary>
    [Range(0, long.MaxValue)]
    public long? VerifiedGeneration { get; init; }

    /// <summary>The value of the annotation <c>ppma.cloud/requestedAt</c> that was last acted on.</summary>
    [MaxLength(253)]
    public string? LastHandledRequest { get; init; }

    /// <summary>Number of the current or last verification, from 1.</summary>
    [Range(0, int.MaxValue)]
    public int Attempt { get; init; }

    /// <summary>The Job of the verification that is under way; absent when none is.</summary>
    public ResourceReference? JobRef { get; init; }

    /// <summary>Verifications in a row that failed.</summary>
    [Range(0, int.MaxValue)]
    public int Failures { get; init; }

    /// <summary>When it is verified again by itself.</summary>
    public DateTime? NextVerificationTime { get; init; }
}
