using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ppma.Chart.Tests;

/// <summary>The objects of a stream of YAML by kind, namespace and name: two streams are the same whatever their order, comments and quotes.</summary>
internal sealed class ObjectSet : SortedDictionary<string, JsonNode>
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private ObjectSet()
        : base(StringComparer.Ordinal)
    {
    }

    public static ObjectSet Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        var objects = new ObjectSet();
        foreach (JsonNode item in stream.Documents.Select(document => Node(document.RootNode)).OfType<JsonObject>())
        {
            objects.Add($"{item["apiVersion"]} {item["kind"]} {item["metadata"]!["namespace"]}/{item["metadata"]!["name"]}", item);
        }

        return objects;
    }

    /// <summary>A file of one document that is no object of a cluster.</summary>
    public static JsonNode? Node(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return Node(Assert.Single(stream.Documents).RootNode);
    }

    public JsonNode Only(string kind) => Assert.Single(this, item => (string?)item.Value["kind"] == kind).Value;

    /// <summary>Without the labels that helm alone gives.</summary>
    public ObjectSet WithoutHelm()
    {
        foreach (JsonNode item in Values)
        {
            StripLabels(item);
            if (item["spec"]?["template"] is { } template)
            {
                StripLabels(template);
            }
        }

        return this;
    }

    /// <summary>What is different in the other, a line each; empty when they are the same.</summary>
    public string Differences(ObjectSet other) => string.Join('\n', Keys.Union(other.Keys).Order(StringComparer.Ordinal).Select(key =>
        !TryGetValue(key, out JsonNode? mine) ? $"{key}: only on the right"
        : !other.TryGetValue(key, out JsonNode? theirs) ? $"{key}: only on the left"
        : FirstDifference(Text(mine), Text(theirs)) is { } difference ? $"{key}: {difference}"
        : "").Where(line => line.Length > 0));

    private static void StripLabels(JsonNode item)
    {
        var labels = item["metadata"]!["labels"] as JsonObject;
        labels?.Remove("helm.sh/chart");
        if ((string?)labels?["app.kubernetes.io/managed-by"] == "Helm")
        {
            labels.Remove("app.kubernetes.io/managed-by");
        }
    }

    private static string? FirstDifference(string left, string right) => left == right ? null
        : left.Split('\n').Zip(right.Split('\n')).Where(pair => pair.First != pair.Second).Select(pair => $"{pair.First.Trim()} ≠ {pair.Second.Trim()}").FirstOrDefault("one is longer");

    private static string Text(JsonNode node) => Sorted(node).ToJsonString(Indented);

    // Lists of named things (variables, volumes, containers) are maps by name.
    private static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject fields => new JsonObject(fields.OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => KeyValuePair.Create(field.Key, field.Value is null ? null : (JsonNode?)Sorted(field.Value)))),
        JsonArray items => new JsonArray([.. items.OrderBy(item => (item as JsonObject)?["name"]?.ToString(), StringComparer.Ordinal).Select(item => item is null ? null : Sorted(item))]),
        _ => node.DeepClone(),
    };

    private static JsonNode? Node(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(child => KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, Node(child.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Node)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => Plain(scalar.Value ?? ""),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => throw new InvalidDataException($"{node.NodeType} is nothing that a manifest has."),
    };

    private static JsonValue? Plain(string text) => text switch
    {
        "" or "null" or "~" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) => JsonValue.Create(number),
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };
}
