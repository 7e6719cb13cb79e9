using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ppma.Operator.Pods;

/// <summary>
/// Strategic merge patch of a pod template (Kubernetes, "Update API Objects in Place Using kubectl patch"): objects are merged field by
/// field, null removes a field, lists are merged by <see cref="MergeKeys"/> or replaced. <c>$patch: replace</c> and <c>$patch: delete</c>
/// do so to an object or to an element of a merged list; <c>$retainKeys</c> removes the fields that it does not name.
/// </summary>
internal static class StrategicMerge
{
    private const string Directive = "$patch";
    private const string RetainKeys = "$retainKeys";

    /// <summary>The template with the patch merged in; neither is changed.</summary>
    /// <exception cref="JsonException">A directive that is not known, or an element without its merge key; the message names the field.</exception>
    public static JsonObject Merge(JsonObject template, JsonObject patch) => Merged(template, patch, "") ?? [];

    // Null: the object is to be removed.
    private static JsonObject? Merged(JsonObject? target, JsonObject patch, string path)
    {
        var result = DirectiveOf(patch, path) switch
        {
            "delete" => null,
            "replace" => [],
            _ => target?.DeepClone().AsObject() ?? [],
        };
        if (result is null)
        {
            return null;
        }

        Retain(result, patch, path);
        foreach (var (name, value) in patch)
        {
            if (name.StartsWith('$'))
            {
                continue;
            }

            string field = path.Length == 0 ? name : $"{path}.{name}";
            var merged = value switch
            {
                null => null,
                JsonObject inner => Merged(result[name] as JsonObject, inner, field),
                JsonArray list => Merged(result[name] as JsonArray, list, field),
                _ => value.DeepClone(),
            };
            if (merged is null)
            {
                result.Remove(name);
            }
            else
            {
                result[name] = merged;
            }
        }

        return result;
    }

    private static JsonArray Merged(JsonArray? target, JsonArray patch, string path)
    {
        if (HoldsNull(patch))
        {
            throw new JsonException($"{path}: a list holds null; remove it.");
        }

        if (MergeKeys.Of(path) is not { } key)
        {
            return patch.DeepClone().AsArray();
        }

        bool replaces = patch.Any(element => element is JsonObject { Count: 1 } only && DirectiveOf(only, path) == "replace");
        JsonArray result = replaces ? [] : target?.DeepClone().AsArray() ?? [];
        foreach (var element in patch)
        {
            if (key == MergeKeys.Values)
            {
                Unite(result, element);
            }
            else if (element is not JsonObject { Count: 1 } only || !only.ContainsKey(Directive))
            {
                MergeElement(result, element, key, path);
            }
        }

        return result;
    }

    private static void MergeElement(JsonArray result, JsonNode? element, string key, string path)
    {
        if (element is not JsonObject patch || patch[key] is not { } value)
        {
            throw new JsonException($"{path}: an element has no {key}, by which the elements of this list are told apart; write it.");
        }

        int at = IndexOf(result, candidate => JsonNode.DeepEquals((candidate as JsonObject)?[key], value));
        var merged = Merged(at < 0 ? null : result[at] as JsonObject, patch, $"{path}[]");
        if (at < 0 && merged is not null)
        {
            result.Add((JsonNode)merged);
        }
        else if (at >= 0 && merged is not null)
        {
            result[at] = merged;
        }
        else if (at >= 0)
        {
            result.RemoveAt(at);
        }
    }

    private static void Unite(JsonArray result, JsonNode? element)
    {
        if (IndexOf(result, candidate => JsonNode.DeepEquals(candidate, element)) < 0)
        {
            result.Add(element?.DeepClone());
        }
    }

    private static int IndexOf(JsonArray list, Func<JsonNode?, bool> wanted)
    {
        for (int i = 0; i < list.Count; i++)
        {
            if (wanted(list[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool HoldsNull(JsonNode? node) => node switch
    {
        JsonArray list => list.Any(element => element is null || HoldsNull(element)),
        JsonObject fields => fields.Any(member => HoldsNull(member.Value)),
        _ => false,
    };

    private static void Retain(JsonObject result, JsonObject patch, string path)
    {
        if (!patch.TryGetPropertyValue(RetainKeys, out var kept))
        {
            return;
        }

        if (kept is not JsonArray names || names.Any(name => name?.GetValueKind() != JsonValueKind.String))
        {
            throw new JsonException($"{path}.{RetainKeys}: must be a list of field names.");
        }

        var retained = names.Select(name => name!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        foreach (string field in result.Select(member => member.Key).Where(field => !retained.Contains(field)).ToList())
        {
            result.Remove(field);
        }
    }

    private static string? DirectiveOf(JsonObject patch, string path)
    {
        if (patch.FirstOrDefault(member => member.Key.StartsWith('$') && member.Key is not (Directive or RetainKeys)).Key is { } unknown)
        {
            throw new JsonException($"{path}.{unknown}: is not known; {Directive} and {RetainKeys} are.");
        }

        return !patch.TryGetPropertyValue(Directive, out var directive) ? null
            : directive?.GetValueKind() == JsonValueKind.String && directive.GetValue<string>() is "merge" or "replace" or "delete"
                ? directive!.GetValue<string>()
                : throw new JsonException($"{path}.{Directive}: is {directive?.ToJsonString() ?? "null"}; it may be merge, replace or delete.");
    }
}
