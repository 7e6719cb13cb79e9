using Ppma.Api.Datasets;
using Ppma.Api.Pretraining;
using Ppma.Api.Runs;

namespace Ppma.Api.Resolution;

/// <summary>
/// Decides whether a PretrainRun may start. A pure function of what is attested and what was found; it says who
/// attested, never that anything is proven.
/// </summary>
public static class PrivacyGate
{
    /// <param name="realHumans">What the run asks for. Allowed: nothing is checked and nothing is claimed.</param>
    /// <param name="datasets">The data sets of all stages: name, spec and the digest found.</param>
    /// <param name="weights">What the first stage starts from: each member of an ensemble, nothing for random weights. The worst of them decides.</param>
    /// <param name="trustOnFirstUse">Whether an attestation may be for the bytes found first.</param>
    public static PrivacyStatus Decide(
        RealHumans realHumans,
        IEnumerable<(string Name, VideoDatasetSpec Spec, string Digest)> datasets,
        IEnumerable<PrivacyInput> weights,
        bool trustOnFirstUse)
    {
        List<PrivacyInput> inputs =
            [.. datasets.Select(dataset => Dataset(dataset.Name, dataset.Spec, dataset.Digest, trustOnFirstUse)), .. weights];
        if (realHumans == RealHumans.Allowed)
        {
            return new() { Decision = PrivacyDecision.NotClaimed, Inputs = [.. inputs.Select(input => input with { Reason = null })] };
        }

        var passed = inputs.All(input => input.Reason is null);
        return new() { Decision = passed ? PrivacyDecision.Passed : PrivacyDecision.Refused, Inputs = inputs };
    }

    /// <summary>Weights of a run, or a run that is continued: as clean as that run's own gate found it.</summary>
    public static PrivacyInput FromRun(string name, string digest, PrivacyStatus privacy) => new()
    {
        Kind = PretrainRun.KindName,
        Name = name,
        Digest = digest,
        TrustedOnFirstUse = privacy.Inputs.Any(input => input.TrustedOnFirstUse),
        Reason = privacy.Decision == PrivacyDecision.Passed
            ? null
            : $"PretrainRun \"{name}\" did not run with spec.privacy.realHumans: Forbidden; run it again so, or write Allowed here",
    };

    /// <summary>Weights that no record vouches for.</summary>
    public static PrivacyInput FromCheckpoint(string uri, string digest) => new()
    {
        Kind = "Checkpoint",
        Name = uri,
        Digest = digest,
        Reason = $"nothing says what the checkpoint was trained on (WeightsProvenanceUnknown); start from a run, or write spec.privacy.realHumans: Allowed",
    };

    private static PrivacyInput Dataset(string name, VideoDatasetSpec spec, string digest, bool trustOnFirstUse)
    {
        var firstUse = spec.Attestation?.IndexDigest == Attestation.TrustOnFirstUse;
        return new()
        {
            Kind = VideoDataset.KindName,
            Name = name,
            Digest = digest,
            Humans = spec.Humans,
            AttestedBy = spec.Attestation?.By,
            TrustedOnFirstUse = firstUse,
            Reason = Reason(),
        };

        string? Reason() => spec switch
        {
            { Humans: null or Humans.Real } =>
                $"VideoDataset \"{name}\" shows real humans; take another data set, or write spec.privacy.realHumans: Allowed",
            { Attestation: null } =>
                $"nobody attests VideoDataset \"{name}\" (AttestationMissing); add spec.attestation to it",
            _ when firstUse && !trustOnFirstUse =>
                $"the attestation of VideoDataset \"{name}\" names no bytes (AttestationNotPinned); write indexDigest: {digest} once you have looked at them",
            _ when !firstUse && spec.Attestation.IndexDigest != digest =>
                $"VideoDataset \"{name}\" is attested for index {spec.Attestation.IndexDigest[..8]}… and has {digest[..8]}… (AttestationMismatch); attest the bytes that are there, or bring back those that were attested",
            _ => null,
        };
    }
}
