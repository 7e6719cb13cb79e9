using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Ppma.Api.Tests.Schemas;

/// <summary>
/// Where a definition takes less than an earlier one did, or means something else: what breaks manifests and stored resources. Fields that
/// came and bounds that were widened are no finding.
/// </summary>
internal static class SchemaComparison
{
    private static readonly string[] UpperBounds = ["maxLength", "maximum", "maxItems", "maxProperties"];
    private static readonly string[] LowerBounds = ["minLength", "minimum", "minItems", "minProperties"];

    // What changes the meaning of a value in whichever direction it changes.
    private static readonly string[] Meanings =
        ["type", "format", "default", "pattern", "x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-preserve-unknown-fields", "x-kubernetes-int-or-string"];

    /// <returns>Path, and what became of it; empty when everything that was taken is still taken.</returns>
    public static IReadOnlyList<string> Breaks(string before, string after)
    {
        var (old, now) = (Spec(before), Spec(after));
        var findings = new List<string>();
        foreach (var name in new[] { "group", "scope", "names.kind", "names.plural", "names.singular" })
        {
            Same(name, At(old, name), At(now, name), name, findings);
        }

        Gone("names.shortNames", Items(At(old, "names.shortNames")), Items(At(now, "names.shortNames")), findings);
        foreach (var version in Versions(old))
        {
            if (Versions(now).FirstOrDefault(candidate => Text(At(candidate, "name")) == Text(At(version, "name"))) is not { } same)
            {
                findings.Add($"version {At(version, "name")}: is gone");
                continue;
            }

            Same("subresources", At(version, "subresources"), At(same, "subresources"), "subresources", findings);
            Schema("", (YamlMappingNode)At(version, "schema.openAPIV3Schema")!, (YamlMappingNode)At(same, "schema.openAPIV3Schema")!, findings);
        }

        return findings;
    }

    private static void Schema(string path, YamlMappingNode old, YamlMappingNode now, List<string> findings)
    {
        foreach (var keyword in Meanings)
        {
            Same(path, At(old, keyword), At(now, keyword), keyword, findings);
        }

        Bounds(path, old, now, UpperBounds, findings, (was, @is) => @is < was);
        Bounds(path, old, now, LowerBounds, findings, (was, @is) => @is > was);
        Enum(path, Items(At(old, "enum")), Items(At(now, "enum")), findings);
        foreach (var name in Items(At(now, "required")).Except(Items(At(old, "required"))))
        {
            findings.Add($"{Join(path, name)}: is required now");
        }

        foreach (var (rule, _) in Rules(now).Where(rule => !Rules(old).Any(was => was.Rule == rule.Rule) && !SpeaksOfANewField(rule.Field, old)))
        {
            findings.Add($"{path}: has a new rule: {rule}");
        }

        foreach (var (name, was) in Properties(old))
        {
            if (Properties(now).TryGetValue(name, out var property))
            {
                Schema(Join(path, name), was, property, findings);
            }
            else
            {
                findings.Add($"{Join(path, name)}: is gone");
            }
        }

        Inner("items", "[]");
        Inner("additionalProperties", "[*]");

        void Inner(string keyword, string suffix)
        {
            if (At(old, keyword) is YamlMappingNode was && At(now, keyword) is YamlMappingNode inner)
            {
                Schema(path + suffix, was, inner, findings);
            }
        }
    }

    private static void Bounds(string path, YamlNode old, YamlNode now, string[] keywords, List<string> findings, Func<double, double, bool> isTighter)
    {
        foreach (var keyword in keywords)
        {
            var (was, @is) = (Number(At(old, keyword)), Number(At(now, keyword)));
            if (@is is { } bound && (was is null || isTighter(was.Value, bound)))
            {
                findings.Add(string.Create(CultureInfo.InvariantCulture, $"{path}: {keyword} is {bound}, was {(was is null ? "open" : was)}"));
            }
        }
    }

    private static void Enum(string path, string[] old, string[] now, List<string> findings)
    {
        if (old.Length == 0 && now.Length > 0)
        {
            findings.Add($"{path}: takes only {string.Join(" | ", now)} now");
        }
        else if (now.Length > 0)
        {
            Gone(path, old, now, findings);
        }
    }

    private static void Gone(string path, string[] old, string[] now, List<string> findings) =>
        findings.AddRange(old.Except(now).Select(value => $"{path}: no longer takes {value}"));

    private static void Same(string path, YamlNode? old, YamlNode? now, string what, List<string> findings)
    {
        if (Text(old) != Text(now))
        {
            findings.Add($"{path}: {what} is {Text(now)}, was {Text(old)}");
        }
    }

    private static YamlMappingNode Spec(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (YamlMappingNode)At(stream.Documents[0].RootNode, "spec")!;
    }

    private static YamlNode? At(YamlNode? node, string path) => path.Split('.').Aggregate(
        node, (inner, name) => inner is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(name), out var child) ? child : null);

    private static IEnumerable<YamlNode> Versions(YamlNode spec) => (YamlSequenceNode)At(spec, "versions")!;

    private static Dictionary<string, YamlMappingNode> Properties(YamlNode schema) => At(schema, "properties") is YamlMappingNode properties
        ? properties.Children.ToDictionary(property => ((YamlScalarNode)property.Key).Value!, property => (YamlMappingNode)property.Value, StringComparer.Ordinal)
        : [];

    private static IEnumerable<(string Rule, string? Field)> Rules(YamlNode schema) =>
        At(schema, "x-kubernetes-validations") is YamlSequenceNode rules ? rules.Select(rule => (Text(At(rule, "rule")), At(rule, "fieldPath")?.ToString())) : [];

    // A field comes together with the rule that freezes it.
    private static bool SpeaksOfANewField(string? field, YamlNode old) =>
        field is not null && At(old, string.Join('.', field[1..].Split('.').Select(name => $"properties.{name}"))) is null;

    private static string[] Items(YamlNode? node) => node is YamlSequenceNode items ? [.. items.Select(Text)] : [];

    private static double? Number(YamlNode? node) => node is YamlScalarNode { Value: { } text } ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    private static string Text(YamlNode? node) => node?.ToString() ?? "nothing";

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
