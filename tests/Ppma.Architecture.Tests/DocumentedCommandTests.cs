using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ppma.Architecture.Tests;

/// <summary>What documents tell people to type is there: values of the chart, options, variables, scripts and files.</summary>
public sealed partial class DocumentedCommandTests
{
    private const string Values = "charts/ppma-cloud/values.schema.json";

    private static IEnumerable<string> Documents =>
        Repository.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal) || file.EndsWith("NOTES.txt", StringComparison.Ordinal));

    [Fact]
    public void HelmValue_InADocument_IsInTheChartsSchema()
    {
        using var schema = JsonDocument.Parse(string.Join('\n', Repository.ReadLines(Values)));

        Findings.None(
            from found in Found(HelmValue()).Concat(Found(NamedValue()).Where(found => found.Document.StartsWith("docs/how-to/", StringComparison.Ordinal)))
            where !Has(schema.RootElement, found.Name.Split('.'))
            select $"{found.Document}: {found.Name}: {Values} has no such value");
    }

    [Fact]
    public void OptionOfPpma_InADocument_IsInItsCode()
    {
        string code = Code("jobs/Ppma.Cli/");

        Findings.None(
            from found in Found(PpmaCommand())
            from Match option in Option().Matches(found.Name)
            where !code.Contains($"\"{option.Value}\"", StringComparison.Ordinal)
            select $"{found.Document}: ppma {option.Value}");
    }

    [Fact]
    public void OptionOfAScript_InADocument_IsInTheScript() => Findings.None(
        from found in Found(ScriptCommand())
        let script = found.Name.Split(' ')[0]
        from Match option in Option().Matches(found.Name.Split(" -- ")[0])
        where Repository.Files.Contains(script) && !Repository.ReadLines(script).Any(line => line.Contains(option.Value, StringComparison.Ordinal))
        select $"{found.Document}: {script} {option.Value}");

    [Fact]
    public void Variable_InADocument_IsInTheCode()
    {
        string[] readers = [.. Repository.TextFiles.Where(file => Path.GetExtension(file) is ".cs" or ".sh" or ".yml" or ".targets" or ".props")];
        string code = string.Join('\n', readers.SelectMany(Repository.ReadLines));
        HashSet<string> settings = [.. Property().Matches(Code("operator/Ppma.Operator/Hosting/OperatorOptions.cs")).Select(match => match.Groups["name"].Value.ToUpperInvariant()), "CONFIG"];

        Findings.None(
            from found in Found(Variable())
            where OperatorSetting().Match(found.Name) is { Success: true } setting
                ? !settings.Contains(setting.Groups["name"].Value)
                : !code.Contains(found.Name, StringComparison.Ordinal)
            select $"{found.Document}: {found.Name}");
    }

    [Fact]
    public void PathOfTheRepository_InADocument_LeadsSomewhere() => Findings.None(
        from found in Found(OwnPath())
        let path = found.Name.TrimEnd('.', '/')
        where !path.Contains("/bin/", StringComparison.Ordinal) && !Repository.Files.Any(file => file == path || file.StartsWith($"{path}/", StringComparison.Ordinal))
        select $"{found.Document}: {path}");

    [Theory]
    [InlineData("watchNamespace", true)]
    [InlineData("worker.image.tag", true)]
    [InlineData("worker.imag.tag", false)]
    [InlineData("operator.realHumans", true)]
    [InlineData("operator.realHuman", false)]
    public void Value_InTheSchema_IsFoundByItsPath(string path, bool there)
    {
        using var schema = JsonDocument.Parse(string.Join('\n', Repository.ReadLines(Values)));

        Assert.Equal(there, Has(schema.RootElement, path.Split('.')));
    }

    private static IEnumerable<(string Document, string Name)> Found(Regex pattern) =>
        from document in Documents
        from line in Repository.ReadLines(document)
        from Match match in pattern.Matches(line)
        select (document, match.Groups["name"].Value);

    private static string Code(string below) => string.Join('\n', Repository.ProductCode.Where(file => file.StartsWith(below, StringComparison.Ordinal)).SelectMany(Repository.ReadLines));

    // An object of free names (labels, resources) takes any.
    private static bool Has(JsonElement schema, ReadOnlySpan<string> path) =>
        path.IsEmpty
        || (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(path[0], out var property)
            ? Has(property, path[1..])
            : !schema.TryGetProperty("additionalProperties", out var others) || others.ValueKind != JsonValueKind.False);

    [GeneratedRegex(@"--set(?:-string|-json)? '?(?<name>[A-Za-z][\w.]*)=")]
    private static partial Regex HelmValue();

    [GeneratedRegex("`(?<name>(?:image|worker|operator|azure|crds|userRoles|networkPolicy|monitoring|service|resources)\\.[A-Za-z.]+)`")]
    private static partial Regex NamedValue();

    [GeneratedRegex(@"(?:^\s*|`|\$ )(?<name>ppma (?:run|validate|explain|dataset|checkpoint|report) [^`|]*)")]
    private static partial Regex PpmaCommand();

    [GeneratedRegex(@"(?<![\w/])(?<name>eng/[\w-]+\.sh [^`|]*)")]
    private static partial Regex ScriptCommand();

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z-]+")]
    private static partial Regex Option();

    [GeneratedRegex(@"(?<!\w)(?<name>PPMA_[A-Z][A-Z_]*[A-Z])(?!\w|\*)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^PPMA_OPERATOR__(?<name>\w+)$")]
    private static partial Regex OperatorSetting();

    [GeneratedRegex(@"public \w+ (?<name>\w+) \{ get; init; \}")]
    private static partial Regex Property();

    [GeneratedRegex(@"(?<![\w./-])(?<name>(?:eng|charts|examples|operator|jobs|tests|docs)/[\w./-]*\w)(?![\w*{<…/-])")]
    private static partial Regex OwnPath();
}
