namespace Ppma.Api.Conditions.Troubleshooting;

internal static class AttemptAdvice
{
    private const string Log = "kubectl logs $POD --tail 50";

    private const string Node = "kubectl get $KIND $NAME -o jsonpath='{.status.restarts.last}'";

    public static AdviceSection Section { get; } = new(
        "How an attempt ended",
        "In `status.restarts.last.cause` and in the message of `BackingOff`. What was computed since the last checkpoint is computed again, to the same numbers.",
        [
            new(Reason.StorageOrNetwork, Outlook.InfrastructurePays)
            {
                Causes =
                [
                    "The blob service does not answer, throttles, or the network to it is broken.",
                    "A SAS token or a role was withdrawn or ran out under the run.",
                    "The disk of the shard cache or of the artifacts is full.",
                ],
                Look = [Log],
                Fixes =
                [
                    "Renew the Secret: `kubectl create secret generic SECRET --from-file=KEY=FILE --dry-run=client -o yaml | kubectl apply -f -`. The next attempt reads it.",
                    "Give the cache more room (`spec.compute.podTemplateOverrides`, volume `cache`), in a new run that continues this one (`spec.resumeFrom`).",
                    "Else nothing: the wait doubles up to `spec.restart.maxBackoffSeconds`.",
                ],
            },
            new(Reason.RendezvousLost, Outlook.InfrastructurePays)
            {
                Causes = ["One of several workers was lost, or the network between them. Runs of this version have one worker."],
                Look = [Log],
                Fixes = ["Nothing."],
            },
            new(Reason.Interrupted, Outlook.InfrastructurePays)
            {
                Causes = ["Something outside ended the pod in good order: a drained node, a deleted pod. The checkpoint was written, nothing is lost."],
                Look = [Node],
                Fixes = ["Nothing."],
            },
            new(Reason.Superseded, Outlook.NobodyPays)
            {
                Causes = ["A node that was thought lost came back, and its worker found a later attempt at work. As it should be."],
                Look = [Log],
                Fixes = ["Nothing. Where it repeats, two clusters or a laptop write to one folder of artifacts: see the message."],
            },
            new(Reason.Failed, Outlook.ApplicationPays)
            {
                Causes =
                [
                    "A fault of the program or of a native library (1, 134, 139): the message ends with the last lines of its log.",
                    "The image runs another program than `ppma-worker`, or the worker is of another version (codes 69 to 127 are final).",
                ],
                Look = [Log, "kubectl get $POD -o jsonpath='{.spec.containers[0].image}'"],
                Fixes = ["The same line three times is a bug: report it with the log and `record.json`.", "Compare the image with the operator's version."],
            },
            new(Reason.OutOfMemory, Outlook.ApplicationPays)
            {
                Causes = ["The container used more than `spec.compute.limits.memory`: decoded clips in flight, the model on CPU, `/dev/shm` (`spec.compute.shmSize`)."],
                Look = ["kubectl get $POD -o jsonpath='{.spec.containers[0].resources}'", "ppma explain -f MANIFEST"],
                Fixes =
                [
                    "A higher `spec.compute.limits.memory`, in a new run that continues this one (`spec.resumeFrom`).",
                    "Or less in flight: fewer `spec.compute.threads`, a smaller batch (another recipe, so other numbers).",
                ],
            },
            new(Reason.OutOfStorage, Outlook.ApplicationPays)
            {
                Causes = ["The shard cache or the scratch folder outgrew a `sizeLimit` or the container's ephemeral-storage limit."],
                Look = ["kubectl describe $POD"],
                Fixes = ["Raise the limit, or mount a volume as `cache`, in a new run that continues this one (`spec.resumeFrom`). [How](../reference/pods.md#overrides)."],
            },
            new(Reason.Killed, Outlook.InfrastructurePays)
            {
                Causes = ["The node was shut down or ran out of memory as a whole.", "Somebody killed the process."],
                Look = [Node, "kubectl describe node NODE"],
                Fixes = ["Nothing once. On one node again and again: set `spec.compute.requests.memory` to what it uses, or cordon the node."],
            },
            new(Reason.Disrupted, Outlook.InfrastructurePays)
            {
                Causes = ["Preempted by a pod of higher priority, evicted under pressure, drained for an upgrade, or a spot machine that was taken back."],
                Look = [Node, "kubectl get events --field-selector involvedObject.kind=Node"],
                Fixes = ["Nothing: that is what checkpoints are for.", "Too often: `spec.compute.priorityClassName`, or nodes that are not spot."],
            },
            new(Reason.NodeLost, Outlook.InfrastructurePays)
            {
                Causes = ["The node does not answer, or was removed from the cluster."],
                Look = ["kubectl get nodes", Node],
                Fixes = ["Remove a node that is dead for good (`kubectl delete node NODE`): its pod is given up sooner."],
            },
            new(Reason.DeletedByOthers, Outlook.InfrastructurePays)
            {
                Causes = ["A person, a clean-up job or a GitOps tool with pruning deleted the Job or its pod."],
                Look = ["kubectl get events --field-selector involvedObject.name=$NAME"],
                Fixes = ["To stop a run set `spec.suspend` or `spec.cancel`; a deleted Job is made again.", "Keep clean-up tools off what is labelled `app.kubernetes.io/managed-by: ppma-operator`."],
            },
        ]);
}
