using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ppma.Chart.Tests;

/// <summary>values.yaml, its schema and docs/reference/chart.md say the same of the same values.</summary>
public sealed partial class ValuesTests
{
    private const string Page = "docs/reference/chart.md";
    private const string Begin = "<!-- values: made from values.yaml by \"make chart-snapshots\" -->\n";
    private const string End = "<!-- end of values -->\n";

    private static readonly IReadOnlyList<ChartValue> Values = ChartValue.ReadAll(Repository.Read("charts/ppma-cloud/values.yaml"));

    private static readonly JsonNode Schema = JsonNode.Parse(Repository.Read("charts/ppma-cloud/values.schema.json"))!;

    [Fact]
    public void Comment_OfEveryValue_IsItsDescriptionInTheSchema()
    {
        Assert.NotEmpty(Values);
        Assert.All(Values, value => Assert.Equal(value.Description, (string?)PropertyOf(value.Path)?["description"]));
    }

    [Fact]
    public void Property_OfTheSchema_IsAValueWithADefault()
    {
        var paths = Values.Select(value => value.Path).ToHashSet(StringComparer.Ordinal);

        // Settings of the operator have their defaults there; global is another chart's.
        string[] unknown = [.. Leaves(Schema, "").Where(leaf => !paths.Any(path => leaf == path || leaf.StartsWith($"{path}.", StringComparison.Ordinal)) && leaf != "global")];
        Assert.Empty(unknown);
    }

    [Fact]
    public void Object_OfTheSchema_TakesNoOtherProperties()
    {
        string[] open = [.. Objects(Schema, "").Where(item => (bool?)item.Schema["additionalProperties"] != false).Select(item => item.Path)];
        Assert.Empty(open);
    }

    [Fact]
    public void Page_OfValues_HasThemAll()
    {
        string page = Repository.Read(Page);
        Match marked = Table().Match(page);
        Assert.True(marked.Success, $"{Page} lacks the lines between which the table stands:\n{Begin}{End}");
        string table = $"| value | default | |\n|---|---|---|\n{string.Concat(Values.Select(value => $"| `{value.Path}` | `{value.Default}` | {value.Description} |\n"))}";
        if (Repository.IsRefreshed)
        {
            File.WriteAllText(Repository.PathOf(Page), $"{page[..marked.Groups["table"].Index]}{table}{page[(marked.Groups["table"].Index + marked.Groups["table"].Length)..]}");
        }
        else
        {
            Assert.True(marked.Groups["table"].Value == table, $"{Page} is not what values.yaml says; run \"make chart-snapshots\".");
        }
    }

    private static JsonNode? PropertyOf(string path) => path.Split('.').Aggregate((JsonNode?)Schema, (schema, name) => schema?["properties"]?[name]);

    private static IEnumerable<string> Leaves(JsonNode schema, string path) => schema["properties"] is JsonObject { Count: > 0 } properties
        ? properties.SelectMany(property => Leaves(property.Value!, $"{path}.{property.Key}".TrimStart('.')))
        : [path];

    private static IEnumerable<(string Path, JsonNode Schema)> Objects(JsonNode schema, string path) => schema["properties"] is JsonObject properties
        ? properties.SelectMany(property => Objects(property.Value!, $"{path}.{property.Key}")).Prepend((path, schema))
        : [];

    [GeneratedRegex("<!-- values: [^\n]*-->\n(?<table>.*)<!-- end of values -->\n", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Table();
}
