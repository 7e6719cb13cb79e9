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

    /// <param name="task">The task; its own digest, names and places are left out.</param>
    /// <param name="earlierStage">The digest of the stage whose weights it starts from, if it does.</param>
    public static string Of(TaskSpec task, string? earlierStage)
    {
        var json = JsonSerializer.SerializeToNode(task, TaskJson.Options)!.AsObject();
        Remove(json, TaskMembers);
        json["worldSize"] = 1;
        if (json["pretrainStage"]?.AsObject() is { } stage)
        {
            Remove(stage, ["name", "allowRealHumans"]);
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

        return CanonicalJson.Digest(CanonicalJson.Write(JsonSerializer.SerializeToElement(json)));
    }

    private static void Weights(JsonObject task, string? earlierStage)
    {
        var weights = task["weights"]!.AsObject();
        Remove(weights, ["uri", "stage"]);
        if (earlierStage is not null)
        {
            weights["digest"] = earlierStage;
        }
    }

    private static void Remove(JsonObject json, IEnumerable<string> members)
    {
        foreach (var member in members)
        {
            json.Remove(member);
        }
    }
}
