using System.Text.Json.Nodes;
using k8s.Models;

namespace Ppma.Operator.Pods;

/// <summary>
/// Whose rights a pod has: nobody's token, only Secrets that the run names where everybody sees it, only service accounts that allow it.
/// Who may write a run need not be allowed to read Secrets or to use an account; without these rules the operator would do both for them.
/// </summary>
internal static class IdentityRules
{
    public static IEnumerable<string> Check(JobPlan plan, JsonObject template, bool serviceAccountAllowsRuns)
    {
        V1PodSpec pod = plan.Template.Spec;
        if (pod.AutomountServiceAccountToken != false)
        {
            yield return "pod.spec.automountServiceAccountToken: must be false; a worker never speaks to the API server";
        }

        if (pod.ServiceAccount is { Length: > 0 } alias && alias != pod.ServiceAccountName)
        {
            yield return $"pod.spec.serviceAccount: is {alias}; write compute.serviceAccountName instead";
        }

        if (plan.ServiceAccountToAsk is { } account && !serviceAccountAllowsRuns)
        {
            yield return $"pod.spec.serviceAccountName: ServiceAccount {account} is not there or does not let runs use it; "
                + $"whoever owns it annotates it {Labels.AllowRuns}: \"true\"";
        }

        if (plan.Request.TaskIsKnown && plan.Template.Metadata.Labels.ContainsKey(Labels.WorkloadIdentity) && !PodMetadata.NeedsIdentity(plan.Request))
        {
            yield return $"pod.metadata.labels[{Labels.WorkloadIdentity}]: only a pod that reads or writes blob storage without a Secret gets a workload identity; remove it";
        }

        foreach (var (volume, i, source) in (pod.Volumes ?? []).SelectMany(volume => (volume.Projected?.Sources ?? []).Select((source, i) => (volume, i, source))))
        {
            string path = $"pod.spec.volumes[{volume.Name}].projected.sources[{i}]";
            if (source.ServiceAccountToken is not null)
            {
                yield return $"{path}.serviceAccountToken: a run's pod gets no token; remove it";
            }

            if (source.PodCertificate is not null)
            {
                yield return $"{path}.podCertificate: a run's pod gets no certificate; remove it";
            }
        }

        foreach (var (path, secret) in SecretsIn(template["spec"], "pod.spec").Where(used => plan.Request.TaskIsKnown && !plan.NamedSecrets.Contains(used.Secret)))
        {
            yield return $"{path}: Secret {secret} is not named in the spec's own fields (credentials, compute.pullSecrets); name it there, or remove it";
        }
    }

    // By shape and not by place: wherever the API lets a pod name a Secret, it is in one of these.
    private static IEnumerable<(string Path, string Secret)> SecretsIn(JsonNode? node, string path) => node switch
    {
        JsonObject fields => fields.SelectMany(member => (member.Key, member.Value) switch
        {
            ("secretName", JsonValue name) => [($"{path}.secretName", $"{name}")],
            ("secretRef" or "secretKeyRef" or "nodePublishSecretRef", JsonObject reference) => [($"{path}.{member.Key}", $"{reference["name"]}")],
            ("secret", JsonObject { } source) when source["name"] is { } projected => [($"{path}.secret.name", $"{projected}")],
            ("imagePullSecrets", JsonArray pulls) => pulls.Select((pull, i) => ($"{path}.imagePullSecrets[{i}]", $"{pull?["name"]}")),
            _ => SecretsIn(member.Value, $"{path}.{member.Key}"),
        }),
        JsonArray elements => elements.SelectMany((element, i) =>
            SecretsIn(element, $"{path}[{(element as JsonObject)?["name"]?.ToString() ?? $"{i}"}]")),
        _ => [],
    };
}
