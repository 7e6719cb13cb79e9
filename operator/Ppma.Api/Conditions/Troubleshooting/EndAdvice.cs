namespace Ppma.Api.Conditions.Troubleshooting;

internal static class EndAdvice
{
    private const string Log = "kubectl logs $POD --tail 50";

    private const string Message = "kubectl get $KIND $NAME -o jsonpath='{.status.conditions[?(@.type==\"Ready\")].message}'";

    private const string Continue = "Mend the cause, then go on exactly where it ended: a new run with `spec.resumeFrom: {run: {name: NAME}}` and the same recipe.";

    public static AdviceSection Section { get; } = new(
        "How a run failed",
        "A run that is over stays over. What it wrote stays where `status.artifactsUri` says.",
        [
            new(Reason.BadSpec, Outlook.Over)
            {
                Causes =
                [
                    "The URI leads nowhere, or the identity may not read it: at the first attempt that counts as a mistake in the manifest.",
                    "The Secret's file holds no SAS token or connection string.",
                    "The cache is smaller than two shuffle blocks and the largest shard, or the memory too small for a batch.",
                    "The worker's image is older or newer than the task (`taskVersion`).",
                ],
                Look = [Message, Log],
                Fixes = ["Correct what the message names, in a new run.", "Permissions on blob storage: [use blob storage](use-blob-storage.md#credentials); workload identity: [install](install.md#storage)."],
            },
            new(Reason.DataDigestMismatch, Outlook.Over)
            {
                Causes =
                [
                    "Somebody wrote into the data set's folder after the run was admitted.",
                    "A shard is damaged: its bytes did not have the recorded hash twice in a row.",
                    "Too many clips cannot be decoded.",
                ],
                Look = [Message, "ppma dataset verify URI --read-shards"],
                Fixes = ["Restore the shard, or the version that was meant, and continue (`spec.resumeFrom`).", "For new data use a new folder, a new attestation and a new run."],
            },
            new(Reason.PrivacyViolation, Outlook.Over)
            {
                Causes = ["The index in storage says other `humans` than when the run was admitted: it was replaced under the run."],
                Look = [Message, "kubectl get vds"],
                Fixes = ["Find out who replaced the data, and whether anything was learned from it: checkpoints from before are listed in `status.stages`.", "Verify and attest it again, then make a new run."],
            },
            new(Reason.Diverged, Outlook.Over)
            {
                Causes = ["The learning rate is too high for the batch size or the precision.", "Labels or pixels of the data set are broken."],
                Look = [Message, "grep -v '\"skipped\":0' metrics.jsonl | tail"],
                Fixes = ["A lower `optimization.peakRate`, longer warm-up, or `spec.precision: Float32`, in a new run; it may start from a checkpoint of before (`spec.weights.fromRun`, `select: Step`)."],
            },
            new(Reason.NoUsableCheckpoint, Outlook.Over)
            {
                Causes = ["All kept checkpoints are damaged or gone from the artifacts.", "They were written over other data, another order, or with another version of the numerics."],
                Look = [Message, "ppma checkpoint inspect FOLDER"],
                Fixes = ["Restore the artifacts from the store's versions or snapshots, and continue in a new run.", "Else begin again."],
            },
            new(Reason.ActiveDeadlineExceeded, Outlook.Over)
            {
                Causes = ["`spec.deadlines.activeSeconds` was meant as a limit on cost, and is reached."],
                Look = ["kubectl get $KIND $NAME -o jsonpath='{.status.usage}'"],
                Fixes = ["Raise it before it is reached: that may be done under a run.", "After: a new run that continues this one (`spec.resumeFrom`) with a longer deadline."],
            },
            new(Reason.ApplicationBudgetExhausted, Outlook.Over)
            {
                Causes = ["The program failed more often than `spec.restart.application` allows, without an hour of progress between. The message has the last cause."],
                Look = [Message, Log],
                Fixes = ["See the last cause's own reason.", Continue],
            },
            new(Reason.InfrastructureBudgetExhausted, Outlook.Over)
            {
                Causes = ["Nodes, network or storage failed more often than `spec.restart.infrastructure` allows, without an hour of progress between."],
                Look = [Message, "kubectl get nodes"],
                Fixes = ["See the last cause's own reason.", Continue, "While a run is not over yet, `spec.restart.infrastructure` may be raised under it."],
            },
        ]);
}
