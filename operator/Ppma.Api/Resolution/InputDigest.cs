using System.Text.Json;
using System.Text.Json.Nodes;
using Ppma.Api.Tasks;

namespace Ppma.Api.Resolution;

/// <summary>
/// SHA-256 over the canonical JSON of what decides a task's numbers. It starts from the whole task and takes away what
/// is known not to matter, so that a setting added later changes the digest rather than being forgotten.
/// </summary>
internal static class InputDigest
{
    private static readonly string[] TaskMembers =
        ["taskVersion", "run", "inputDigest", "artifactsUri", "artifactsCredentials", "checkpoint", "progressDeadlineSeconds"];

    private static readonly string[] DatasetMembers = ["name", "uri", "humans", "credentials"];

    // What is measured, drawn or continued on the way changes no weight.
    private static readonly string[] StageMembers = ["name", "allowRealHumans", "validation", "reconstructionEverySteps", "resume"];

    private static readonly string[] WeightsMembers = ["uri", "stage", "credentials"];

    /// <param name="task">The task; its own digest, names and places are left out.</param>
    /// <param name="earlierStage">The digest of the stage whose weights it starts from, if it does.</param>
    public static string Of(TaskSpec task, string? earlierStage) =>
        CanonicalJson.Digest(CanonicalJson.Write(JsonSerializer.SerializeToElement(Content(task, earlierStage))));

    /// <summary>What makes two digests differ: <c>path (here; there)</c>, earlier stages apart.</summary>
    public static IReadOnlyList<string> Differences(TaskSpec here, TaskSpec there)
    {
        var differences = new List<string>();
        Compare(Content(here, earlierStage: null), Content(there, earlierStage: null), "", differences);
        return differences;
    }

    private static JsonObject Content(TaskSpec task, string? earlierStage)
    {
        var json = JsonSerializer.SerializeToNode(task, TaskJson.Options)!.AsObject();
        Remove(json, TaskMembers);
        json["worldSize"] = 1;
        if (json["pretrainStage"]?.AsObject() is { } stage)
        {
            Remove(stage, StageMembers);
            foreach (var dataset in stage["datasets"]!.AsArray())
            {
                Remove(dataset!.AsObject(), DatasetMembers);
            }

            Weights(stage, earlierStage);
        }

        if (json["evaluate"]?.AsObject() is { } evaluate)
        {
            Remove(evaluate["train"]!.AsObject(), DatasetMembers);
            Remove(evaluate["test"]!.AsObject(), DatasetMembers);
            Weights(evaluate, earlierStage);
        }

        return json;
    }

    private static void Weights(JsonObject task, string? earlierStage)
    {
        var weights = task["weights"]!.AsObject();
        Remove(weights, WeightsMembers);
        foreach (var member in weights["members"]?.AsArray() ?? [])
        {
            Remove(member!.AsObject(), WeightsMembers);
        }

        if (earlierStage is not null)
        {
            weights["digest"] = earlierStage;
        }
    }

    private static void Compare(JsonNode? here, JsonNode? there, string path, List<string> differences)
    {
        if (here is JsonObject left && there is JsonObject right)
        {
            foreach (var name in left.Select(member => member.Key).Union(right.Select(member => member.Key)))
            {
                Compare(left[name], right[name], path.Length == 0 ? name : $"{path}.{name}", differences);
            }
        }
        else if (here is JsonArray items && there is JsonArray others && items.Count == others.Count)
        {
            for (var i = 0; i < items.Count; i++)
            {
                Compare(items[i], others[i], $"{path}[{i}]", differences);
            }
        }
        else if (!JsonNode.DeepEquals(here, there))
        {
            differences.Add($"{path} ({Text(here)} here, {Text(there)} there)");
        }
    }

    private static string Text(JsonNode? value) => value?.ToJsonString(TaskJson.Options) is { } text ? text.Length > 80 ? $"{text[..80]}…" : text : "nothing";

    private static void Remove(JsonObject json, IEnumerable<string> members)
    {
        foreach (var member in members)
        {
            json.Remove(member);
        }
    }
}
