using System.Globalization;
using Ppma.Cli.Reporting;
using Spectre.Console;

namespace Ppma.Cli.Running;

/// <summary>The benchmark table on the console.</summary>
internal static class TableView
{
    public static void Write(IAnsiConsole console, BenchmarkReport report)
    {
        if (report.Rows.Count == 0)
        {
            return;
        }

        Table table = new Table().Border(TableBorder.Rounded).AddColumn(new TableColumn("row").NoWrap()).AddColumns("data set", "protocol");
        foreach (string column in (string[])["top-1 %", "n", "Δ random"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (BenchmarkRow row in report.Rows)
        {
            table.AddRow(
                Markup.Escape(row.Row),
                Markup.Escape(row.Dataset),
                ReportText.ShortProtocol(row),
                Percent(row.Mean, "0.0") + (row.Std is { } std ? $" ± {Percent(std, "0.0")}" : ""),
                row.Count.ToString(CultureInfo.InvariantCulture),
                row.DeltaToRandom is { } delta ? Percent(delta, "+0.0;-0.0") : "");
        }

        console.Write(table);
        console.WriteLine($"± is the standard deviation over n {string.Join(" or ", report.Rows.Select(row => row.SpreadOver).Distinct())}.");
    }

    private static string Percent(double share, string format) => (100 * share).ToString(format, CultureInfo.InvariantCulture);
}
