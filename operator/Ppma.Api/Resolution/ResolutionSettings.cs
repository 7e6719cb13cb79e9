namespace Ppma.Api.Resolution;

/// <summary>Where a set of manifests is resolved for.</summary>
public sealed record ResolutionSettings
{
    /// <summary>Folder that <c>file:NAME</c> of a data set lies below.</summary>
    public required string DataRoot { get; init; }

    /// <summary>Folder that <c>file:NAME</c> of artifacts lies below, and where artifacts go when a run names no place.</summary>
    public required string OutputRoot { get; init; }

    /// <summary>What <c>threads: 0</c> means.</summary>
    public required int MachineThreads { get; init; }

    /// <summary>Whether an attestation may be for the bytes found first: on a laptop, never in a cluster.</summary>
    public bool TrustOnFirstUse { get; init; }

    /// <summary>
    /// Whether a run is known, and its folder named, by its <c>metadata.uid</c>, as in a cluster, where every resource is another run; else by
    /// its input digest, so that a laptop finds again what it has computed.
    /// </summary>
    public bool IdentityByUid { get; init; }
}
