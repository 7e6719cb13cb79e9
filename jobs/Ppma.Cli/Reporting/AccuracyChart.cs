using System.Net;
using System.Text;
using static Ppma.Cli.Reporting.ReportNumbers;

namespace Ppma.Cli.Reporting;

/// <summary>Bars of mean top-1 on a scale of 0 to 100 %, a dot for every trial, and a line at the level of chance.</summary>
internal static class AccuracyChart
{
    private const double BarHeight = 24;

    private static readonly (int Percent, string Anchor)[] ScaleMarks =
        [(0, "start"), (25, "middle"), (50, "middle"), (75, "middle"), (100, "end")];

    /// <param name="rows">Rows of one comparison.</param>
    /// <param name="chance">Accuracy of guessing, 0..1; null where the number of classes is not known.</param>
    public static string Render(IReadOnlyList<BenchmarkRow> rows, double? chance)
    {
        var html = new StringBuilder("<figure class=\"bars\">\n");
        foreach (var row in rows)
        {
            AppendRow(html, row, chance);
        }

        html.Append("<svg class=\"scale\" width=\"100%\" height=\"16\" aria-hidden=\"true\">");
        foreach (var (percent, anchor) in ScaleMarks)
        {
            html.Append($"<text x=\"{percent}%\" y=\"12\" text-anchor=\"{anchor}\">{percent}{(percent == 100 ? "\u00a0%" : "")}</text>");
        }

        html.Append("</svg>\n");
        html.Append("<figcaption>Bar: mean top-1. Dots: single trials.");
        if (chance is { } share)
        {
            html.Append($" Dashed line: chance, {Percent(share)}.");
        }

        return html.Append("</figcaption>\n</figure>\n").ToString();
    }

    private static void AppendRow(StringBuilder html, BenchmarkRow row, double? chance)
    {
        string name = WebUtility.HtmlEncode(row.Row);
        html.Append($"""
            <div class="bar-label"><span>{name}</span><span class="number">{MeanAndSpread(row)}</span></div>
            <svg class="bar{(row.IsRandom ? " baseline" : "")}" width="100%" height="{BarHeight}" role="img" aria-label="{Description(row, chance)}">
            <rect class="track" width="100%" height="{BarHeight}" rx="4"/>
            <rect class="mean" width="{Share(row.Mean)}" height="{BarHeight}" rx="4"/>

            """);
        if (chance is { } level)
        {
            // Over a light line, the dashes are seen on the bar as well as beside it.
            string place = $"x1=\"{Share(level)}\" x2=\"{Share(level)}\" y1=\"-3\" y2=\"{BarHeight + 3}\"";
            html.Append($"<line class=\"chance-ground\" {place}/><line class=\"chance\" {place}/>\n");
        }

        for (int i = 0; i < row.Trials.Count; i++)
        {
            // Equal trials would hide each other on one line.
            double height = BarHeight * (i + 1) / (row.Trials.Count + 1);
            html.Append($"<circle cx=\"{Share(row.Trials[i].Top1)}\" cy=\"{Coordinate(height)}\" r=\"3.5\"/>\n");
        }

        html.Append("</svg>\n");
    }

    private static string Description(BenchmarkRow row, double? chance)
    {
        string trials = string.Join(", ", row.Trials.Select(trial => Points(trial.Top1)));
        string guess = chance is { } share ? $"; chance {Percent(share)}" : "";
        return WebUtility.HtmlEncode($"{row.Row}: {MeanAndSpread(row)} percent top-1; trials {trials}{guess}");
    }

    private static string Share(double share) => $"{Coordinate(Math.Clamp(share, 0, 1) * 100)}%";
}
