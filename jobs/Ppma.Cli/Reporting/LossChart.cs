using System.Globalization;
using System.Net;
using System.Text;
using static Ppma.Cli.Reporting.ReportNumbers;

namespace Ppma.Cli.Reporting;

/// <summary>Loss by step of all stages with one objective, thinned to a readable number of points.</summary>
internal static class LossChart
{
    /// <summary>Number of colours in report.css; further curves repeat them dashed.</summary>
    private const int Colours = 6;

    private const int MostPoints = 160;
    private const double Side = 1000;

    /// <param name="title">What the curves are.</param>
    /// <param name="stages">Stages of one objective; those without a curve are left out.</param>
    /// <param name="reference">A loss to compare with, and what it stands for.</param>
    /// <returns>A figure; empty when no stage has a curve.</returns>
    public static string Render(string title, IReadOnlyList<StageReport> stages, (double Loss, string Meaning)? reference = null)
    {
        var curves = stages
            .Select(stage => (Stage: stage, Points: Thin(stage.LossCurve)))
            .Where(curve => curve.Points.Count > 0)
            .ToList();
        if (curves.Count == 0)
        {
            return "";
        }

        long lastStep = Math.Max(1, curves.Max(curve => curve.Points[^1].Step));
        var axis = LossAxis(curves.SelectMany(curve => curve.Points).Select(point => point.Loss), reference?.Loss);
        var html = new StringBuilder($"<figure class=\"losses\">\n<h3>{WebUtility.HtmlEncode(title)}</h3>\n<div class=\"plot\">\n");
        foreach (double tick in axis.Ticks)
        {
            html.Append($"<span class=\"y\" style=\"top:{Top(axis, tick)}%\">{tick.ToString($"F{axis.Decimals}", CultureInfo.InvariantCulture)}</span>\n");
        }

        if (reference is { } level)
        {
            html.Append($"<span class=\"reference\" style=\"top:{Top(axis, level.Loss)}%\">{WebUtility.HtmlEncode(level.Meaning)}</span>\n");
        }

        html.Append($"<svg viewBox=\"0 0 {Side} {Side}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{Description(title, stages, reference)}\">\n");
        foreach (double tick in axis.Ticks)
        {
            AppendLevel(html, "grid", axis, tick);
        }

        if (reference is { } line)
        {
            AppendLevel(html, "reference", axis, line.Loss);
        }

        for (int i = 0; i < curves.Count; i++)
        {
            AppendCurve(html, i, curves[i].Points, axis, lastStep);
        }

        html.Append($"</svg>\n</div>\n<div class=\"steps\" aria-hidden=\"true\"><span>step 0</span><span>{Count(lastStep)}</span></div>\n<ul class=\"legend\">\n");
        for (int i = 0; i < curves.Count; i++)
        {
            var stage = curves[i].Stage;
            html.Append($"<li><i class=\"swatch {Series(i)}\"></i>{WebUtility.HtmlEncode($"{stage.Run} / {stage.Stage}")} <span class=\"number\">{Loss(stage.FinalLoss)}</span></li>\n");
        }

        return html.Append("</ul>\n</figure>\n").ToString();
    }

    /// <summary>Means over equal stretches of steps, so that noise does not hide the course.</summary>
    public static IReadOnlyList<CurvePoint> Thin(IReadOnlyList<CurvePoint> curve)
    {
        int stretch = Math.Max(1, (int)Math.Ceiling(curve.Count / (double)MostPoints));
        return curve.Where(point => double.IsFinite(point.Loss))
            .Chunk(stretch)
            .Select(points => new CurvePoint(points[^1].Step, points.Average(point => point.Loss), points[^1].Rate))
            .ToList();
    }

    /// <summary>Reaches from the lowest loss to the 98th of a hundred: the first steps may be far above all others.</summary>
    private static LinearAxis LossAxis(IEnumerable<double> losses, double? reference)
    {
        double[] sorted = [.. losses.Order()];
        double high = sorted[(int)Math.Ceiling((sorted.Length - 1) * 0.98)];
        return LinearAxis.Covering(Math.Min(sorted[0], reference ?? sorted[0]), Math.Max(high, reference ?? high));
    }

    private static void AppendLevel(StringBuilder html, string name, LinearAxis axis, double loss)
    {
        string y = Coordinate((1 - axis.Place(loss)) * Side);
        html.Append($"<line class=\"{name}\" x1=\"0\" x2=\"{Side}\" y1=\"{y}\" y2=\"{y}\"/>\n");
    }

    private static void AppendCurve(StringBuilder html, int index, IReadOnlyList<CurvePoint> points, LinearAxis axis, long lastStep)
    {
        var places = points.Select(point =>
            $"{Coordinate(point.Step * Side / lastStep)},{Coordinate((1 - axis.Place(point.Loss)) * Side)}");
        html.Append($"<polyline class=\"{Series(index)}\" points=\"{string.Join(' ', places)}\"/>\n");
    }

    private static string Series(int index) => $"s{index % Colours}{(index / Colours % 2 == 1 ? " dashed" : "")}";

    private static string Top(LinearAxis axis, double loss) => Coordinate((1 - axis.Place(loss)) * 100);

    private static string Description(string title, IReadOnlyList<StageReport> stages, (double Loss, string Meaning)? reference)
    {
        string ends = string.Join(", ", stages.Select(stage => $"{stage.Run} {stage.Stage} ends at {Loss(stage.FinalLoss)}"));
        string level = reference is { } line ? $"; the line at {Loss(line.Loss)} is {line.Meaning}" : "";
        return WebUtility.HtmlEncode($"{title} by step: {ends}{level}");
    }
}
