using System.Globalization;
using System.Text.RegularExpressions;

namespace Ppma.Worker.Tests.Progress;

/// <summary>Reads the text that Prometheus scrapes as strictly as its format says, and fails on what is not of it.</summary>
internal static partial class MetricsText
{
    /// <param name="Name">Of the family.</param>
    /// <param name="Type">Such as <c>gauge</c>.</param>
    /// <param name="Labels">Names of labels, bucket bounds left out.</param>
    /// <param name="Values">Values of its samples.</param>
    public sealed record Family(string Name, string Type, SortedSet<string> Labels, List<double> Values);

    public static IReadOnlyList<Family> Parse(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var families = new List<Family>();
        string? helped = null;
        foreach (string line in text.Split('\n')[..^1])
        {
            if (Help().Match(line) is { Success: true } help)
            {
                helped = help.Groups["name"].Value;
                Assert.DoesNotContain(families, family => family.Name == helped);
            }
            else if (Type().Match(line) is { Success: true } type)
            {
                Assert.Equal(helped, type.Groups["name"].Value);
                families.Add(new Family(helped!, type.Groups["type"].Value, [], []));
            }
            else
            {
                Match sample = Sample().Match(line);
                Assert.True(sample.Success, $"'{line}' is no sample.");
                Family family = families[^1];
                Assert.Contains(sample.Groups["name"].Value, NamesOf(family));
                family.Labels.UnionWith(Label().Matches(sample.Groups["labels"].Value).Select(label => label.Groups["name"].Value).Where(name => name != "le"));
                family.Values.Add(Number(sample.Groups["value"].Value));
            }
        }

        return families;
    }

    private static string[] NamesOf(Family family) => family.Type == "histogram"
        ? [$"{family.Name}_bucket", $"{family.Name}_sum", $"{family.Name}_count"]
        : [family.Name];

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) .+$")]
    private static partial Regex Help();

    [GeneratedRegex(@"^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram|summary|untyped)$")]
    private static partial Regex Type();

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?<labels>[a-zA-Z_][a-zA-Z0-9_]*=""(?:[^""\\]|\\.)*""(?:,[a-zA-Z_][a-zA-Z0-9_]*=""(?:[^""\\]|\\.)*"")*)\})? (?<value>\S+)$")]
    private static partial Regex Sample();

    [GeneratedRegex(@"(?<name>[a-zA-Z_][a-zA-Z0-9_]*)=""")]
    private static partial Regex Label();
}
