using System.Text.RegularExpressions;

namespace Ppma.Monitoring.Tests.Metrics;

/// <summary>docs/reference/metrics.md: prose by hand, tables from the code, each between two comments that name what is in it.</summary>
internal static partial class MetricsPage
{
    public const string File = "docs/reference/metrics.md";

    private static readonly (string Title, string Names)[] OfAWorker =
    [
        ("worker: GPU", "ppma_gpu_"),
        ("worker: data", "ppma_(stream|cache|inflight|queue|samples|decode|batch|hash)_"),
        ("worker: room", "ppma_(disk|memory)_"),
        ("worker: process", "(process|dotnet)_"),
        ("worker: training", "ppma_"),
    ];

    private static readonly (string Title, string Names)[] OfTheOperator =
    [
        ("operator: itself", "ppma_operator_|leader_|reflector_|event_"),
        ("operator: runs and data sets", "ppma_"),
        ("operator: controllers", "(?!process_|dotnet_)"),
    ];

    /// <summary>The page with the tables as the code has them.</summary>
    public static string Renewed(string page)
    {
        var tables = Tables(Catalog.Worker, OfAWorker).Concat(Tables(Catalog.Operator, OfTheOperator)).ToDictionary(table => table.Title, table => table.Text);
        string renewed = Block().Replace(page, block => tables.Remove(block.Groups["title"].Value, out string? table)
            ? $"{block.Groups["begin"].Value}\n{table}{block.Groups["end"].Value}" : block.Value);
        Assert.True(tables.Count == 0, $"{File} has no place for {string.Join(", ", tables.Keys.Select(title => $"<!-- {title} -->"))}.");
        return renewed;
    }

    // A metric stands where the first pattern of its name is. What all processes have stands once, with the worker's.
    private static IEnumerable<(string Title, string Text)> Tables(IReadOnlyList<Metric> metrics, (string Title, string Names)[] sections) =>
        from section in sections
        let rows = metrics.Where(metric => sections.FirstOrDefault(other => Regex.IsMatch(metric.Name, $"^({other.Names})")) == section)
        select (section.Title, $"| metric | type | labels | what |\n|---|---|---|---|\n{string.Concat(rows.Select(Row))}");

    private static string Row(Metric metric) =>
        $"| `{metric.Name}` | {metric.Type} |{string.Join(',', metric.Labels.Select(label => $" `{label}`"))} | {metric.Help.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)} |\n";

    [GeneratedRegex(@"(?<begin><!-- (?<title>[a-zA-Z]+: [a-zA-Z ]+) -->)\n(?:\|.*\n)*(?<end><!-- end -->)")]
    private static partial Regex Block();
}
