namespace Ppma.Api.Conditions.Troubleshooting;

internal static class SpecAdvice
{
    public static AdviceSection Section { get; } = new(
        "The spec, and what the API server says to it",
        "A run is immutable: what is wrong in its spec is mended by `kubectl delete` and `kubectl apply`, which loses nothing as long as nothing was computed.",
        [
            new(Reason.SpecInvalid, Outlook.NeedsPerson)
            {
                Causes = ["The message names every field, the cause and the fix."],
                Look = ["ppma validate -f MANIFEST"],
                Fixes = ["Correct the manifest; delete a run and apply it again. A VideoDataset is edited in place."],
            },
            new(Reason.PodRefused, Outlook.NeedsPerson)
            {
                Causes =
                [
                    "No such service account or priority class in the namespace.",
                    "An admission webhook or policy, or the namespace's pod security standard together with `spec.compute.podTemplateOverrides`.",
                    "A LimitRange or a field that this server does not know.",
                ],
                Look = ["kubectl get sa,limitrange,resourcequota", "kubectl get priorityclass", "kubectl get ns -L pod-security.kubernetes.io/enforce"],
                Fixes = ["Create what is missing, or change the policy: the run goes on by itself.", "Or leave out of the spec what is refused, in a new run."],
            },
            new(Reason.PodNotAllowed, Outlook.NeedsPerson)
            {
                Causes =
                [
                    "The service account of `spec.compute.serviceAccountName` lacks the annotation `ppma.cloud/allow-runs: \"true\"`. With workload identity and no account named, that is `default`.",
                    "`spec.compute.podTemplateOverrides` asks for the host, for privileges, for another's Secret, or changes what the operator needs.",
                ],
                Look = ["kubectl get sa -o custom-columns=NAME:.metadata.name,ALLOWED:.metadata.annotations.ppma\\\\.cloud/allow-runs"],
                Fixes =
                [
                    "`kubectl annotate sa ACCOUNT ppma.cloud/allow-runs=true`, by whoever may decide that runs act as this account.",
                    "Remove the field that the message names, in a new run. All rules: [pods](../reference/pods.md#rules).",
                ],
            },
            new(Reason.ImmutableFieldChanged, Outlook.GoesOn)
            {
                Causes = ["Somebody edited the run, or a GitOps tool applied another version, on a server that does not refuse it itself (older than 1.25)."],
                Look = ["kubectl get $KIND $NAME -o jsonpath='{.spec}'"],
                Fixes = ["Put the field back. The run goes on as it was admitted in any case.", "For another recipe make another run."],
            },
            new(Reason.NameTaken, Outlook.NeedsPerson)
            {
                Causes = ["Another tool made a Job or ConfigMap of exactly this name."],
                Look = ["kubectl get jobs,configmaps --show-labels"],
                Fixes = ["Remove the object that the message names, if nobody needs it; else delete the run and apply it under another name."],
            },
            new(Reason.TasksLost, Outlook.Over)
            {
                Causes =
                [
                    "Somebody deleted the run's ConfigMap `…-tasks-…`, or changed it.",
                    "`spec.resumeFrom` names a run whose time to live is over; then nothing began, and another run is needed.",
                ],
                Look = ["kubectl get configmaps -l ppma.cloud/uid=$ID"],
                Fixes = ["Make a new run from its checkpoints: `spec.weights.fromRun`. With longer `spec.ttlSecondsAfterFinished` a run can be continued exactly for longer."],
            },
        ]);
}
