namespace Ppma.Api.Runs;

/// <summary>One thing that went into a run: a data set, or weights.</summary>
public sealed record PrivacyInput
{
    /// <summary><c>VideoDataset</c>, <c>PretrainRun</c> or <c>Checkpoint</c>.</summary>
    public string Kind { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>SHA-256 (hex) of the index or of the weights file; of a run that is continued, its inputDigest.</summary>
    public string Digest { get; init; } = "";

    /// <summary>Data sets: who is in the footage.</summary>
    public Humans? Humans { get; init; }

    /// <summary>Who attested it, for data sets.</summary>
    public string? AttestedBy { get; init; }

    /// <summary>True when the attestation names no bytes but trusts those found first.</summary>
    public bool TrustedOnFirstUse { get; init; }

    /// <summary>Why it was refused; absent when it passed.</summary>
    public string? Reason { get; init; }
}
