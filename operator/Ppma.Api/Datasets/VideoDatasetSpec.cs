using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Datasets;

/// <summary>Where a data set lies and what is said about it.</summary>
public sealed record VideoDatasetSpec
{
    /// <summary>
    /// The folder that holds <c>index.json</c>: <c>file:///absolute/path</c>, <c>file:NAME</c> (below the data folder that
    /// <c>ppma run</c> is given), or an Azure Blob container URL with prefix.
    /// </summary>
    [Required, MaxLength(1024)]
    public string Uri { get; init; } = "";

    public Credentials? Credentials { get; init; }

    /// <summary>Who is in the footage. The data set's own index must say the same.</summary>
    [Required]
    public Humans? Humans { get; init; }

    /// <summary>Who says so, and for which bytes; required unless <see cref="Humans"/> is Real.</summary>
    public Attestation? Attestation { get; init; }

    /// <summary>SPDX identifier or a sentence.</summary>
    [MaxLength(256)]
    public string? Licence { get; init; }

    /// <summary>How many clips and classes there should be.</summary>
    public ExpectedContent? Expected { get; init; }

    /// <summary>Seconds between two verifications; 0 verifies only on change.</summary>
    [Range(0, 31_536_000)]
    public int VerifyIntervalSeconds { get; init; }
}
