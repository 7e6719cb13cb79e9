using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>One thing that went into a run: a data set, or weights.</summary>
public sealed record PrivacyInput
{
    /// <summary>VideoDataset, PretrainRun or Checkpoint.</summary>
    [MaxLength(32)]
    public string Kind { get; init; } = "";

    /// <summary>The resource's name, or the checkpoint's URI.</summary>
    [MaxLength(1024)]
    public string Name { get; init; } = "";

    /// <summary>SHA-256 (hex) of the index or of the weights file; of a run that is continued, its inputDigest.</summary>
    [MaxLength(64)]
    public string Digest { get; init; } = "";

    /// <summary>Data sets: who is in the footage.</summary>
    public Humans? Humans { get; init; }

    /// <summary>Data sets: who attested it.</summary>
    [MaxLength(256)]
    public string? AttestedBy { get; init; }

    /// <summary>True when the attestation names no bytes but trusts those found first.</summary>
    public bool TrustedOnFirstUse { get; init; }

    /// <summary>Why it was refused; absent when it passed.</summary>
    [MaxLength(512)]
    public string? Reason { get; init; }
}
