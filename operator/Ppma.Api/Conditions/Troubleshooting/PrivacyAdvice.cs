namespace Ppma.Api.Conditions.Troubleshooting;

internal static class PrivacyAdvice
{
    private const string NewAttestation = "kubectl get vds DATASET -o jsonpath='{.status.digest}'";

    public static AdviceSection Section { get; } = new(
        "The privacy gate and attestations",
        "The gate refuses rather than guesses. What it saw is in `status.privacy`, and in the record of every run that passed.",
        [
            new(Reason.PrivacyGateRefused, Outlook.NeedsPerson)
            {
                Causes = ["A data set with `humans: Real` among those that train.", "Weights of a run that was itself allowed to see real people."],
                Look = ["kubectl get $KIND $NAME -o jsonpath='{.status.privacy}'"],
                Fixes = ["Take another data set, or other weights, in a new run.", "Where learning from real people is meant and permitted: `spec.privacy.realHumans: Allowed` in a new run. Its record then claims nothing."],
            },
            new(Reason.WeightsProvenanceUnknown, Outlook.NeedsAnotherRun)
            {
                Causes = ["`spec.weights.fromCheckpoint` names a file without a record of what it was trained on."],
                Look = ["kubectl get $KIND $NAME -o jsonpath='{.status.privacy.inputs}'"],
                Fixes = ["Start from a run of this cluster (`spec.weights.fromRun`): its record is known.", "Or allow real humans, in a new run."],
            },
            new(Reason.RealHumansRuledOut, Outlook.NeedsPerson)
            {
                Causes = ["Whoever runs the operator set `realHumans: Never`, or named this namespace in `forbidRealHumansIn`."],
                Look = ["kubectl get deploy -n ppma-system ppma-operator -o yaml | grep -i humans"],
                Fixes = ["Write `spec.privacy.realHumans: Forbidden` in a new run.", "Or ask whoever runs the cluster; [operate](operate.md#tenants) tells where it is set."],
            },
            new(Reason.AttestationMissing, Outlook.NeedsPerson)
            {
                Causes = ["`spec.attestation` is left out, and `spec.humans` claims that no real person is shown."],
                Look = [NewAttestation],
                Fixes = ["Look at the footage. Then write method, by, when and this digest into `spec.attestation`, or write `humans: Real`."],
            },
            new(Reason.AttestationNotPinned, Outlook.NeedsPerson)
            {
                Causes = ["`indexDigest: TrustOnFirstUse` comes from a laptop's manifest."],
                Look = [NewAttestation],
                Fixes = ["Look at the footage, then write this digest into `spec.attestation.indexDigest`."],
            },
            new(Reason.AttestationMismatch, Outlook.NeedsPerson)
            {
                Causes = ["The data was packed or indexed again, or replaced, after somebody attested it.", "The URI leads to another version than the one that was meant."],
                Look = [NewAttestation, "ppma dataset verify URI"],
                Fixes = ["Bring back the version that was attested.", "Or look at the new footage, and attest its digest. Copying the digest without looking defeats the gate."],
            },
        ]);
}
