using System.Reflection;
using System.Text.Json.Nodes;
using k8s;
using Ppma.Api.Manifests;
using Ppma.Api.Runs;

namespace Ppma.Api.Schemas;

/// <summary>
/// What <see cref="TransitionRules"/> refuse at an API server that knows CEL, found by comparing two specs: for servers that do not, and for
/// a spec held against the one that was frozen.
/// </summary>
public static class FrozenFields
{
    /// <returns>Each field that changed although it may not, with what it was and what it is; in the order of the types.</returns>
    public static IReadOnlyList<string> Changed<T>(T before, T now)
        where T : RunSettings
    {
        var changes = new List<string>();
        Record(before.GetType(), Json(before), Json(now), "spec", changes);
        return changes;

        static JsonNode? Json(T spec) => JsonNode.Parse(KubernetesJson.Serialize(spec));
    }

    private static void Record(Type type, JsonNode? before, JsonNode? now, string parent, List<string> changes)
    {
        foreach (var field in ResourceField.Of(type))
        {
            Field(field, before?[field.Name], now?[field.Name], $"{parent}.{field.Name}", changes);
        }
    }

    private static void Field(ResourceField field, JsonNode? before, JsonNode? now, string path, List<string> changes)
    {
        switch (field.Property.GetCustomAttribute<ChangesAttribute>()?.Change)
        {
            case Change.Freely:
                break;

            case Change.ToTrue when (bool)before! && !(bool)now!:
                changes.Add($"{path} was true, and is taken back");
                break;

            // Left out, it is the largest.
            case Change.ToMore when ((long?)now ?? long.MaxValue) < ((long?)before ?? long.MaxValue):
                changes.Add($"{path} was {Text(before)}, and may only be raised, not set to {Text(now)}");
                break;

            case null when IsPartlyFree(field.Property.PropertyType):
                Record(field.Property.PropertyType, before, now, path, changes);
                break;

            case null:
                Value(before, now, path, changes);
                break;
        }
    }

    /// <summary>Whether some field of the type may change.</summary>
    internal static bool IsPartlyFree(Type type) => ResourceField.Of(type).Any(member => member.Property.GetCustomAttribute<ChangesAttribute>() is not null);

    private static void Value(JsonNode? before, JsonNode? now, string path, List<string> changes)
    {
        if (before is JsonObject left && now is JsonObject right)
        {
            foreach (var name in left.Select(member => member.Key).Union(right.Select(member => member.Key)))
            {
                Value(left[name], right[name], $"{path}.{name}", changes);
            }
        }
        else if (before is JsonArray items && now is JsonArray others && items.Count == others.Count)
        {
            for (var i = 0; i < items.Count; i++)
            {
                Value(items[i], others[i], $"{path}[{i}]", changes);
            }
        }
        else if (!JsonNode.DeepEquals(before, now))
        {
            changes.Add($"{path} was {Text(before)}, and is {Text(now)}");
        }
    }

    private static string Text(JsonNode? value) => value is null ? "left out" : StatusLimits.Cut(value.ToJsonString(), 60);
}
