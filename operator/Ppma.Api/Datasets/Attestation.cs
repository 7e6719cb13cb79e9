using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Datasets;

/// <summary>A person's or a tool's statement that no real human is in one exact version of a data set.</summary>
public sealed record Attestation
{
    /// <summary>
    /// In place of a digest: the bytes found when a run first reads the data set are the ones meant. Only
    /// <c>ppma run</c> takes it, with a warning and a note in the record; a cluster refuses it.
    /// </summary>
    public const string TrustOnFirstUse = "TrustOnFirstUse";

    /// <summary>What <see cref="IndexDigest"/> may be.</summary>
    public const string DigestPattern = $"^([0-9a-f]{{64}}|{TrustOnFirstUse})$";

    /// <summary>How it was made sure, for example the removal method or the renderer.</summary>
    [Required, MaxLength(512)]
    public string Method { get; init; } = "";

    /// <summary>Who attests.</summary>
    [Required, MaxLength(256)]
    public string By { get; init; } = "";

    /// <summary>When it was attested.</summary>
    [Required]
    public DateTime? When { get; init; }

    /// <summary>SHA-256 (hex) of the <c>index.json</c> that is attested, as <c>ppma dataset verify</c> prints it.</summary>
    [Required, MaxLength(64), RegularExpression(DigestPattern)]
    public string IndexDigest { get; init; } = "";
}
