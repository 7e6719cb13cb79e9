using System.Net;
using System.Text;
using Ppma.Api;
using static Ppma.Cli.Reporting.ReportNumbers;

namespace Ppma.Cli.Reporting;

/// <summary><c>report.html</c>: one file that needs no other, in light and dark, on a desk and on a phone.
/// Its content security policy forbids every request, so that what is archived is what was seen.</summary>
internal static class HtmlReport
{
    private static readonly Lazy<string> Style = new(ReadStyle);

    /// <param name="report">What to show.</param>
    /// <param name="images">PNG bytes of the <see cref="ReconstructionFigures.Shown"/> pictures, by the path that the report gives it.</param>
    public static string Render(BenchmarkReport report, IReadOnlyDictionary<string, byte[]> images)
    {
        var html = new StringBuilder();
        html.Append($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
            <meta name="color-scheme" content="light dark">
            <link rel="icon" href="data:,">
            <title>{Text(report.Title)} · PPMA Cloud</title>
            <style>
            {Style.Value}</style>
            </head>
            <body>
            <main>

            """);
        AppendHeader(html, report);
        AppendProblems(html, report.Problems);
        foreach (var rows in ReportText.Comparisons(report))
        {
            AppendComparison(html, report, rows);
        }

        AppendTraining(html, report.Training);
        html.Append(ReconstructionFigures.Render(report.Training, images));
        HtmlOrigin.Append(html, report);
        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void AppendHeader(StringBuilder html, BenchmarkReport report)
    {
        html.Append($"""
            <header>
            <p class="kicker">PPMA Cloud benchmark</p>
            <h1>{Text(ReportText.Headline(report)).Replace("top-1", "top\u20111", StringComparison.Ordinal)}</h1>
            <p class="lede">{Text(ReportText.Lede(report))}</p>
            <p class="meta"><code>{Text(report.Title)}</code> · {Moment(report.CompletionTime)} · {Duration(report.WallSeconds)} on the clock, {Duration(report.TaskSeconds)} in tasks</p>
            </header>

            """);
    }

    private static void AppendProblems(StringBuilder html, IReadOnlyList<RunProblem> problems)
    {
        if (problems.Count == 0)
        {
            return;
        }

        html.Append("<section class=\"problems\" role=\"alert\">\n<h2>Incomplete</h2>\n<ul>\n");
        foreach (var problem in problems)
        {
            string stage = problem.Stage is null ? "" : $"/{problem.Stage}";
            string code = problem.ExitCode is null ? "" : $" (exit code {problem.ExitCode})";
            html.Append($"<li><strong>{Text(problem.Run + stage)}</strong>{code}: {Text(problem.Message)}</li>\n");
        }

        html.Append("</ul>\n</section>\n");
    }

    private static void AppendComparison(StringBuilder html, BenchmarkReport report, IReadOnlyList<BenchmarkRow> rows)
    {
        html.Append($"""
            <section>
            <h2>{ReportText.Protocol(rows[0])} on {Text(rows[0].Dataset)}</h2>
            <div class="halves">
            {AccuracyChart.Render(rows, ReportText.Chance(report, rows[0].Dataset))}<div>
            <table>
            <caption>{Text(ReportText.Caption(report, rows))}</caption>
            <thead><tr><th scope="col">Recipe</th><th scope="col">Protocol</th><th scope="col">Top-1</th><th scope="col"><abbr title="difference to random initialisation, in percentage points">Δ random</abbr></th><th scope="col">Top-5</th><th scope="col">n</th></tr></thead>
            <tbody>

            """);
        foreach (var row in rows)
        {
            string delta = row.DeltaToRandom is { } difference && !row.IsRandom ? SignedPoints(difference) : "–";
            html.Append($"<tr{(row.IsRandom ? " class=\"baseline\"" : "")}><th scope=\"row\">{Text(row.Row)}</th><td>{ReportText.ShortProtocol(row)}</td><td>{MeanAndSpread(row)}</td><td>{delta}</td><td>{Points(ReportText.MeanTop5(row))}</td><td>{row.Count}</td></tr>\n");
        }

        html.Append("</tbody>\n</table>\n</div>\n</div>\n");
        AppendTrials(html, rows);
        html.Append("</section>\n");
    }

    private static void AppendTrials(StringBuilder html, IReadOnlyList<BenchmarkRow> rows)
    {
        html.Append("""
            <details>
            <summary>Every trial</summary>
            <div class="scroll" tabindex="0" role="region" aria-label="Every trial">
            <table>
            <thead><tr><th scope="col">Recipe</th><th scope="col">Trial</th><th scope="col">Protocol</th><th scope="col">Seed</th><th scope="col">Top-1</th><th scope="col"><abbr title="Wilson interval of top-1 from the number of clips alone">95&nbsp;%</abbr></th><th scope="col">Top-5</th><th scope="col">Mean class</th><th scope="col">Clips</th><th scope="col">Rate</th><th scope="col">Rates tried</th><th scope="col">Time</th></tr></thead>
            <tbody>

            """);
        foreach (var (row, trial) in rows.SelectMany(row => row.Trials.Select(trial => (row, trial))))
        {
            string rates = string.Join(", ", trial.RateTrials.Select(tried => $"{Rate(tried.PeakRate)}: {Points(tried.Top1)}"));
            html.Append($"<tr><th scope=\"row\">{Text(row.Row)}</th><td>{Text(trial.Name)}</td><td>{ReportText.ShortProtocol(row)}</td><td>{trial.Seed}</td><td>{Points(trial.Top1)}</td><td>{Interval(trial.Top1Interval)}</td><td>{Points(trial.Top5)}</td><td>{Points(trial.MeanClassAccuracy)}</td><td>{Count(trial.Samples)}</td><td>{Rate(trial.PeakRate)}</td><td>{Text(rates)}</td><td>{Duration(trial.Seconds)}</td></tr>\n");
        }

        html.Append("</tbody>\n</table>\n</div>\n<p class=\"note\">The rate of a trial is the one that did best on held-out training clips (rates tried: top-1 there); the test split has no part in the choice.</p>\n</details>\n");
    }

    private static void AppendTraining(StringBuilder html, IReadOnlyList<StageReport> training)
    {
        if (training.Count == 0)
        {
            return;
        }

        var autoencoding = training.Where(stage => stage.Objective == Objective.MaskedAutoencoding).ToList();
        var classification = training.Where(stage => stage.Objective == Objective.ActionClassification).ToList();
        html.Append("<section>\n<h2>Pre-training</h2>\n<div class=\"halves\">\n");
        html.Append(LossChart.Render("Masked autoencoding loss", autoencoding, (ReportText.LossOfTheMean, "1.0: predicting every patch’s mean")));
        html.Append(LossChart.Render("Action classification loss", classification));
        html.Append("</div>\n<p class=\"note\">The number beside a name is the mean over the last tenth of its steps.</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Pre-training stages\">\n<table>\n<thead><tr><th scope=\"col\">Run</th><th scope=\"col\">Stage</th><th scope=\"col\">Steps</th><th scope=\"col\">Final loss</th><th scope=\"col\">Damaged clips</th><th scope=\"col\">Time</th></tr></thead>\n<tbody>\n");
        foreach (var stage in training)
        {
            html.Append($"<tr><th scope=\"row\">{Text(stage.Run)}</th><td>{Text(stage.Stage)}</td><td>{Count(stage.Steps)}</td><td>{Loss(stage.FinalLoss)}</td><td>{Count(stage.DamagedClips)}</td><td>{Duration(stage.Seconds)}</td></tr>\n");
        }

        html.Append("</tbody>\n</table>\n</div>\n</section>\n");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string ReadStyle()
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")
            ?? throw new InvalidOperationException("report.css is not embedded in the program; see Ppma.Cli.csproj.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
