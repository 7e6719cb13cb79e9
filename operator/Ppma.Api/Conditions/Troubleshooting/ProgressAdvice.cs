namespace Ppma.Api.Conditions.Troubleshooting;

internal static class ProgressAdvice
{
    public static AdviceSection Section { get; } = new(
        "While it runs",
        "Progress is asked of the worker itself; when it cannot be asked, nothing is concluded.",
        [
            new(Reason.WorkerUnreachable, Outlook.GoesOn)
            {
                Causes =
                [
                    "A NetworkPolicy keeps the operator from port 9464 of the pod.",
                    "The operator runs outside the cluster, or the node's network is disturbed.",
                    "The worker's machine is so busy that it does not answer in time.",
                ],
                Look = ["kubectl get networkpolicy", "kubectl logs $POD --tail 5", "kubectl get $POD -o wide"],
                Fixes = ["Let the operator in: [operate](operate.md#network).", "Else nothing: the worker watches its own deadline, and its result counts as always."],
            },
            new(Reason.Stalled, Outlook.ApplicationPays)
            {
                Causes =
                [
                    "Storage answers so slowly that no batch comes together within `spec.deadlines.progressSeconds`.",
                    "The machine is starved of CPU, or a GPU or its driver hangs.",
                    "One step takes longer than the deadline: a large model on few CPUs.",
                ],
                Look = ["kubectl logs $POD --tail 30", "kubectl top pod ${POD#pod/}"],
                Fixes =
                [
                    "Nothing the first time: the next attempt goes on from the last checkpoint.",
                    "Again on the same node: `kubectl cordon NODE` (`status.restarts.last.node`).",
                    "Steps are that long: raise `spec.deadlines.progressSeconds`, under the run.",
                ],
            },
            new(Reason.BackingOff, Outlook.Passes)
            {
                Causes = ["The attempt before ended as `status.restarts.last` says."],
                Look = ["kubectl get $KIND $NAME -o jsonpath='{.status.restarts}'", "kubectl logs $POD --tail 30"],
                Fixes = ["Nothing, or what the cause's own reason says. The wait is at most `spec.restart.maxBackoffSeconds`."],
            },
            new(Reason.Paused, Outlook.NeedsPerson)
            {
                Causes = ["Somebody set the annotation `ppma.cloud/paused: \"true\"`. A pod that runs goes on; nothing follows its end."],
                Look = ["kubectl get $KIND $NAME -o jsonpath='{.metadata.annotations}'"],
                Fixes = ["`kubectl annotate $KIND $NAME ppma.cloud/paused-`"],
            },
        ]);
}
