using System.Collections;

namespace Ppma.Api.Manifests;

/// <summary>
/// Holds a document against the resource's type: unknown and repeated fields, wrong types. The Kubernetes serializer
/// stops at the first problem, takes <c>1</c> or <c>align</c> for an enum and any scalar for a string; an API server does not.
/// </summary>
internal sealed class ManifestShape
{
    private readonly List<(string Path, string Message)> _problems = [];
    private readonly List<string> _spoiled = [];

    public IReadOnlyList<(string Path, string Message)> Problems => _problems;

    /// <summary>Fields whose value, or whose absence, says nothing, because they or what was meant for them is misspelt.</summary>
    public IReadOnlyList<string> Spoiled => _spoiled;

    /// <summary>The document without what was reported.</summary>
    public MappingNode Check(MappingNode document, Type resource) => Fields(document, resource, "");

    private static string Join(string path, string field) => path.Length == 0 ? field : $"{path}.{field}";

    private static Type? Interface(Type type, Type generic) =>
        type.GetInterfaces().Append(type).FirstOrDefault(face => face.IsGenericType && face.GetGenericTypeDefinition() == generic);

    private MappingNode Fields(MappingNode mapping, Type type, string path)
    {
        var fields = ResourceField.Of(type);
        var kept = new List<KeyValuePair<string, ManifestNode>>();
        foreach (var (key, value) in Unique(mapping, path))
        {
            if (fields.FirstOrDefault(field => field.Name == key) is not { } field)
            {
                var names = fields.Select(field => field.Name).ToList();
                if (Spelling.Nearest(key, names) is { } meant)
                {
                    _spoiled.Add(Join(path, meant));
                }

                Report(Join(path, key), $"unknown field{Spelling.Suggest(key, names)}");
                continue;
            }

            if (Value(value, field.Property.PropertyType, field.MayBeNull, Join(path, key)) is { } good)
            {
                kept.Add(new(key, good));
            }
        }

        return new MappingNode(kept);
    }

    private IEnumerable<KeyValuePair<string, ManifestNode>> Unique(MappingNode mapping, string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in mapping.Members)
        {
            if (seen.Add(member.Key))
            {
                yield return member;
            }
            else
            {
                Report(Join(path, member.Key), "written twice; keep one");
            }
        }
    }

    private ManifestNode? Value(ManifestNode node, Type type, bool mayBeNull, string path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (node is ScalarNode scalar && YamlScalars.IsNull(scalar))
        {
            return mayBeNull ? null : Report(path, "has no value; write one, or leave the field out");
        }

        if (type == typeof(object))
        {
            return node;
        }

        if (Interface(type, typeof(IDictionary<,>)) is { } dictionary)
        {
            return node is MappingNode entries
                ? Entries(entries, dictionary.GetGenericArguments()[1], path)
                : Report(path, "must be a mapping of names to values");
        }

        if (type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable)))
        {
            return node is SequenceNode items
                ? Items(items, Interface(type, typeof(IEnumerable<>))!.GetGenericArguments()[0], path)
                : Report(path, "must be a list; begin each item with \"- \"");
        }

        if (YamlScalars.Expectation(type) is { } expectation)
        {
            return node is ScalarNode value
                ? YamlScalars.Problem(value, type) is { } problem ? Report(path, problem) : value
                : Report(path, $"must be {expectation}, not a {(node is SequenceNode ? "list" : "mapping")}");
        }

        return node is MappingNode members
            ? Fields(members, type, path)
            : Report(path, $"must be a mapping with {string.Join(", ", ResourceField.Of(type).Select(field => field.Name).Take(16))}");
    }

    private MappingNode Entries(MappingNode entries, Type type, string path)
    {
        var kept = new List<KeyValuePair<string, ManifestNode>>();
        foreach (var (key, value) in Unique(entries, path))
        {
            if (Value(value, type, mayBeNull: false, $"{path}[{key}]") is { } good)
            {
                kept.Add(new(key, good));
            }
        }

        return new MappingNode(kept);
    }

    // An item that is wrong as a whole leaves a gap, so that the paths of those after it stay what the person sees.
    private SequenceNode Items(SequenceNode items, Type type, string path) => new(
        [.. items.Items.Select((item, index) => Value(item, type, mayBeNull: false, $"{path}[{index}]") ?? Gap(type)).OfType<ManifestNode>()]);

    private static MappingNode? Gap(Type type) => YamlScalars.Expectation(type) is null ? new MappingNode([]) : null;

    private ManifestNode? Report(string path, string message)
    {
        _problems.Add((path, message));
        _spoiled.Add(path);
        return null;
    }
}
