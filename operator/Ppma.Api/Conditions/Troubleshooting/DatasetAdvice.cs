namespace Ppma.Api.Conditions.Troubleshooting;

internal static class DatasetAdvice
{
    public static AdviceSection Section { get; } = new(
        "Verifying a data set",
        "While a verification cannot start, its VideoDataset shows the reasons of [pods](#until-the-worker-runs) too.",
        [
            new(Reason.VerificationFailed, Outlook.TriedForEver)
            {
                Causes =
                [
                    "No index at `spec.uri`, or no permission to read it.",
                    "The index does not match the shards: missing, or of another size.",
                    "Storage does not answer. A set that was Ready stays so.",
                ],
                Look = ["kubectl describe vds DATASET", "kubectl logs -l ppma.cloud/kind=VideoDataset --tail 30 --prefix"],
                Fixes =
                [
                    "Mend what the message names, then ask for another try at once: `kubectl annotate vds DATASET ppma.cloud/requestedAt=\"$(date -Is)\" --overwrite`",
                    "Credentials: [use blob storage](use-blob-storage.md#credentials); workload identity: [install](install.md#storage).",
                ],
            },
        ]);
}
