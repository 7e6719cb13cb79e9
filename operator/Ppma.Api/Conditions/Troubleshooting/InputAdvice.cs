namespace Ppma.Api.Conditions.Troubleshooting;

internal static class InputAdvice
{
    public static AdviceSection Section { get; } = new(
        "Waiting for data sets and weights",
        "Nothing was started yet. The run begins by itself once all that it names is there.",
        [
            new(Reason.Pending, Outlook.Passes)
            {
                Causes =
                [
                    "The run is seconds old, or the privacy gate waits for data sets and weights.",
                    "`status` stays empty: no operator looks after this namespace, it is not leading, or it cannot write.",
                ],
                Look = ["kubectl get $KIND $NAME -o jsonpath='{.status}'", "kubectl get lease -A | grep ppma-operator", "kubectl logs -n ppma-system -l app.kubernetes.io/name=ppma-operator --tail 20 --prefix"],
                Fixes = ["Look at the operator: [alerts](alerts.md), [endpoints](../reference/operator.md#endpoints)."],
            },
            new(Reason.DatasetMissing, Outlook.Passes)
            {
                Causes = ["The VideoDataset is applied later, or in another namespace.", "The name is misspelled."],
                Look = ["kubectl get vds"],
                Fixes = ["Apply the VideoDataset in the run's namespace.", "A wrong name: delete the run and apply it corrected; nothing has been computed."],
            },
            new(Reason.DatasetNotReady, Outlook.Passes)
            {
                Causes = ["It is being verified.", "It could not be verified, or nobody attests it: the message repeats its own reason."],
                Look = ["kubectl get vds", "kubectl describe vds DATASET"],
                Fixes = ["Do what the data set's own reason asks for."],
            },
            new(Reason.DatasetUnexpected, Outlook.NeedsPerson)
            {
                Causes =
                [
                    "The run names a split or a class space that the index does not have.",
                    "`spec.humans` or `spec.expected` of the VideoDataset differ from the index; the message has both numbers.",
                ],
                Look = ["kubectl describe vds DATASET", "ppma dataset ls URI"],
                Fixes =
                [
                    "Correct the VideoDataset, or bring the data that it means; a run that waits goes on by itself.",
                    "Where the run is wrong, delete it and apply it corrected.",
                ],
            },
            new(Reason.WeightsMissing, Outlook.Passes)
            {
                Causes = ["The PretrainRun is applied later, or in another namespace.", "The name is misspelled."],
                Look = ["kubectl get ptr"],
                Fixes = ["Apply the PretrainRun in the run's namespace.", "A wrong name: delete the run and apply it corrected."],
            },
            new(Reason.WeightsNotReady, Outlook.Passes)
            {
                Causes = ["The PretrainRun is under way, waits itself, or is suspended."],
                Look = ["kubectl get ptr"],
                Fixes = ["Nothing, unless that run waits for something: see its reason."],
            },
            new(Reason.WeightsFailed, Outlook.NeedsAnotherRun)
            {
                Causes = ["The PretrainRun whose weights are asked for ended without that stage."],
                Look = ["kubectl describe ptr SOURCE"],
                Fixes = ["Mend the cause there and continue it in another run (`spec.resumeFrom`), then make this run anew with that one's name."],
            },
            new(Reason.WeightsUnfit, Outlook.NeedsAnotherRun)
            {
                Causes =
                [
                    "Another architecture: `spec.model` differs from that of the source.",
                    "`select: Best` where `spec.checkpoint.best` was not set, or a step whose checkpoint was not kept (`spec.checkpoint.keepEverySteps`).",
                    "`spec.resumeFrom` with inputs that differ: only what does not decide the numbers may change.",
                ],
                Look = ["kubectl get ptr SOURCE -o jsonpath='{.status.stages}'", "ppma checkpoint inspect FILE"],
                Fixes = ["Ask for what was kept: the message names it. `select: Last` is always there."],
            },
        ]);
}
