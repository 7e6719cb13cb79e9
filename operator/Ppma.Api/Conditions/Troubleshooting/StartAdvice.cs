namespace Ppma.Api.Conditions.Troubleshooting;

internal static class StartAdvice
{
    private const string Describe = "kubectl describe $POD";

    public static AdviceSection Section { get; } = new(
        "Until the worker runs",
        "The message repeats the words of the scheduler, the node or the server.",
        [
            new(Reason.WaitingForPod, Outlook.UntilDeadline)
            {
                Causes = ["The Job controller has not made the pod yet; after a minute, kube-controller-manager is overloaded or down."],
                Look = ["kubectl describe jobs -l ppma.cloud/uid=$ID"],
                Fixes = ["Nothing in the first minute; then look at the control plane."],
            },
            new(Reason.WaitingForQuota, Outlook.Passes)
            {
                Causes = ["Kueue has no quota left in the queue of `spec.compute.queueName`; no deadline counts meanwhile.", "Somebody suspended the Job, or gated the pod."],
                Look = ["kubectl get workloads", "kubectl describe localqueue QUEUE"],
                Fixes = ["Wait, raise the quota, or give way with `spec.suspend: true` on another run."],
            },
            new(Reason.Unschedulable, Outlook.UntilDeadline)
            {
                Causes =
                [
                    "No node has what is asked for: GPUs (`spec.compute.gpuResourceName`, no device plugin on the node), CPUs, memory.",
                    "`spec.compute.nodeSelector`, a taint without `spec.compute.tolerations`, or a volume of another zone.",
                    "The node pool is at its limit or cannot grow.",
                ],
                Look = [Describe, "kubectl get nodes -o custom-columns=NAME:.metadata.name,GPU:.status.allocatable.nvidia\\\\.com/gpu,TAINTS:.spec.taints[*].key"],
                Fixes = ["Make room or add a node: the pod is placed by itself.", "Ask for what there is, in a new run."],
            },
            new(Reason.QuotaExceeded, Outlook.Passes)
            {
                Causes = ["The namespace's ResourceQuota is used up, or asks for limits that the run does not set."],
                Look = ["kubectl describe resourcequota"],
                Fixes = ["Nothing: it is tried again every 30 s.", "Raise the quota; where it counts limits, set `spec.compute.limits` in a new run."],
            },
            new(Reason.ImagePullFailed, Outlook.UntilDeadline)
            {
                Causes =
                [
                    "No such image or tag: `spec.compute.image`, else the operator's `workerImage`.",
                    "The registry asks for a password: `spec.compute.pullSecrets`; on AKS the kubelet's identity lacks AcrPull.",
                    "The node cannot reach the registry.",
                ],
                Look = [Describe, "kubectl get $POD -o jsonpath='{.spec.containers[*].image}'"],
                Fixes = ["Push the image, or give the permission: the node tries again by itself.", "A wrong name: delete the run, or cancel it, and apply it corrected."],
            },
            new(Reason.MissingSecret, Outlook.UntilDeadline)
            {
                Causes = ["The Secret of `credentials.secret` is not in this namespace, or lacks the key.", "`spec.compute.podTemplateOverrides` names a ConfigMap that is not there."],
                Look = [Describe, "kubectl describe secret SECRET"],
                Fixes = ["Create it: the node tries again by itself. `kubectl create secret generic SECRET --from-file=KEY=FILE`"],
            },
            new(Reason.MissingVolume, Outlook.UntilDeadline)
            {
                Causes = ["The PersistentVolumeClaim is not there or not bound, or its volume is attached to another node (ReadWriteOnce)."],
                Look = ["kubectl get pvc", Describe],
                Fixes = ["Create the claim, or free the volume."],
            },
            new(Reason.ContainerNotStarted, Outlook.UntilDeadline)
            {
                Causes =
                [
                    "The node's runtime refuses the container: a wrong runtime class, a broken GPU driver, no address left for pods.",
                    "An init container of `spec.compute.podTemplateOverrides` failed; then another attempt follows, and `spec.restart.application` pays.",
                ],
                Look = [Describe, "kubectl logs $POD --all-containers --tail 20"],
                Fixes = ["Mend the node, or keep runs off it: `kubectl cordon NODE`."],
            },
            new(Reason.Starting, Outlook.UntilDeadline)
            {
                Causes = ["The image is being pulled: several gigabytes with CUDA, on a node that has not had it yet."],
                Look = [Describe],
                Fixes = ["Nothing. Have the image on the nodes beforehand where minutes count."],
            },
            new(Reason.Loading, Outlook.UntilDeadline)
            {
                Causes = ["Weights and the first shards are fetched; the first step of a GPU prepares its kernels.", "Storage is slow, or the data set's shards are large beside the node's network."],
                Look = ["kubectl logs $POD --tail 20"],
                Fixes = ["Nothing, unless it lasts: then see whether bytes arrive (`ppma_stream_bytes_total`)."],
            },
            new(Reason.StartupDeadlineExceeded, Outlook.EitherPays)
            {
                Causes = ["The reason that stood in `Scheduled` or `Progressing` before it, for longer than `spec.deadlines.startupSeconds`."],
                Look = ["kubectl get events --field-selector involvedObject.name=$NAME --sort-by=.lastTimestamp"],
                Fixes = ["Mend what kept it from starting.", "Where it only needs longer, raise `spec.deadlines.startupSeconds`: that may be done under a run."],
            },
            new(Reason.ScaleUpDeadlineExceeded, Outlook.InfrastructurePays)
            {
                Causes = ["The autoscaler promised a node and did not bring one: no capacity in the region, no quota of the subscription."],
                Look = [Describe, "kubectl get events -A --field-selector reason=FailedScaleUp"],
                Fixes = ["Raise the cloud's quota or take another machine size.", "Or raise `spec.deadlines.scaleUpSeconds`, under the run."],
            },
        ]);
}
