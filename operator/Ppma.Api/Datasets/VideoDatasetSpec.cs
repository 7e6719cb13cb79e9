using System.ComponentModel.DataAnnotations;
using Ppma.Api.Schemas;

namespace Ppma.Api.Datasets;

/// <summary>Where a data set lies and what is said about it.</summary>
[Rule("self.uri.startsWith('file:') || self.uri.startsWith('https://') || self.uri.startsWith('http://')", "uri must be file:///absolute/path or https://<account>.blob.core.windows.net/<container>/<prefix>")]
[Rule("self.humans == 'Real' || has(self.attestation)", "attestation is missing; unless humans is Real somebody must attest it: method, by, when, indexDigest")]
[Rule("!has(self.credentials) || !self.uri.startsWith('file:')", "credentials have no meaning for files; leave them out")]
[Rule("!has(self.volume) || self.uri.startsWith('file:///')", "volume has a meaning only for file:///absolute/path; leave it out")]
public sealed record VideoDatasetSpec
{
    /// <summary>
    /// The folder that holds <c>index.json</c>: <c>file:///absolute/path</c>, <c>file:NAME</c> (below the data folder that
    /// <c>ppma run</c> is given), or an Azure Blob container URL with prefix.
    /// </summary>
    [Required, MaxLength(1024)]
    public string Uri { get; init; } = "";

    /// <summary>How its storage is reached; left out, by workload identity.</summary>
    public Credentials? Credentials { get; init; }

    /// <summary>The volume behind a <c>file:///</c> URI in a cluster, which reads it and never writes.</summary>
    public StorageVolume? Volume { get; init; }

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

    /// <summary>Seconds between two verifications; 0 verifies only on change. In a cluster at least 60.</summary>
    [Range(0, 31_536_000)]
    public int VerifyIntervalSeconds { get; init; }

    /// <summary>What the pods that verify it need; of a cluster alone.</summary>
    public VerificationSettings? Verification { get; init; }
}
