using System.Net;
using System.Text;
using static Ppma.Cli.Reporting.ReportNumbers;

namespace Ppma.Cli.Reporting;

/// <summary>The page's last part: what went in, on what it ran, and how to run it again.</summary>
internal static class HtmlOrigin
{
    public static void Append(StringBuilder html, BenchmarkReport report)
    {
        html.Append("<section>\n<h2>How it was made</h2>\n");
        AppendDatasets(html, report.Datasets);
        AppendEnvironment(html, report.Environment);
        AppendRecords(html, report.Records);
        html.Append($"""
            </section>
            <section>
            <h2>Repeat it</h2>
            <pre><code>ppma run -f {Text(report.Title)}</code></pre>
            <p class="note">Equal digests and seeds on the same number of threads give the same numbers, bit for bit on one kind of processor. A task that has its result already is not computed again.</p>
            </section>

            """);
    }

    private static void AppendDatasets(StringBuilder html, IReadOnlyList<DatasetReport> datasets)
    {
        if (datasets.Count == 0)
        {
            return;
        }

        html.Append("<h3>Data</h3>\n<ul class=\"datasets\">\n");
        foreach (var dataset in datasets)
        {
            string classes = dataset.Classes is { } count ? $" · {Count(count)} classes" : "";
            html.Append($"<li><strong>{Text(dataset.Name)}</strong> <span class=\"badge\">{ReportText.Humans(dataset.Humans)}</span>{classes}<br><code class=\"digest\">sha256:{Text(dataset.Digest)}</code></li>\n");
        }

        html.Append("</ul>\n");
    }

    private static void AppendEnvironment(StringBuilder html, IReadOnlyDictionary<string, string> environment)
    {
        if (environment.Count == 0)
        {
            return;
        }

        html.Append("<h3>Software and machine</h3>\n<dl>\n");
        foreach (var (name, version) in environment)
        {
            html.Append($"<div><dt>{Text(name)}</dt><dd>{Text(version)}</dd></div>\n");
        }

        html.Append("</dl>\n");
    }

    private static void AppendRecords(StringBuilder html, IReadOnlyList<string> records)
    {
        if (records.Count == 0)
        {
            return;
        }

        html.Append($"<details>\n<summary>Records of {records.Count} tasks: resolved specification, seeds, digests</summary>\n<ul class=\"records\">\n");
        foreach (string record in records)
        {
            string address = string.Join('/', record.Split('/').Select(Uri.EscapeDataString));
            html.Append($"<li><a href=\"{address}\">{Text(record)}</a></li>\n");
        }

        html.Append("</ul>\n</details>\n");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
