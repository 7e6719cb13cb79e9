using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Ppma.Operator.Pods;

/// <summary><c>compute.podTemplateOverrides</c> over the finished template.</summary>
internal static class PodOverrides
{
    public const string Field = "spec.compute.podTemplateOverrides";

    /// <summary>The template with the overrides in it; as it was, and a problem, where they cannot be read.</summary>
    public static V1PodTemplateSpec Apply(V1PodTemplateSpec template, IDictionary<string, object>? overrides, ICollection<string> problems)
    {
        if (overrides is not { Count: > 0 })
        {
            return template;
        }

        try
        {
            var finished = JsonNode.Parse(KubernetesJson.Serialize(template))!.AsObject();
            var merged = StrategicMerge.Merge(finished, JsonSerializer.SerializeToNode(overrides)!.AsObject());
            var typed = KubernetesJson.Deserialize<V1PodTemplateSpec>(merged.ToJsonString());
            if (typed is not { Metadata.Labels: not null, Spec.Containers: not null })
            {
                problems.Add($"{Field}: takes metadata.labels or spec.containers away as a whole, without which there is no pod; remove that");
                return template;
            }

            foreach (string unknown in Lost(merged, JsonNode.Parse(KubernetesJson.Serialize(typed)), ""))
            {
                problems.Add($"{Field}{unknown}: a pod template has no such field; correct or remove it");
            }

            return typed;
        }
        catch (Exception problem) when (problem is JsonException or FormatException or ArgumentException)
        {
            problems.Add($"{Field}: cannot be merged into the pod: {problem.Message}");
            return template;
        }
    }

    // A field that is misspelt, or too new, would otherwise be dropped without a word.
    private static IEnumerable<string> Lost(JsonNode? merged, JsonNode? kept, string path) => (merged, kept) switch
    {
        (JsonObject before, JsonObject after) => before
            .Where(member => member.Value is not null)
            .SelectMany(member => Lost(member.Value, after[member.Key], $"{path}.{member.Key}")),
        (JsonArray before, JsonArray after) => before.SelectMany((element, i) => Lost(element, i < after.Count ? after[i] : null, $"{path}[{i}]")),
        ({ }, null) => [path],
        _ => [],
    };
}
