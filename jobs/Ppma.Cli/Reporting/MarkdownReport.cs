using System.Text;

namespace Ppma.Cli.Reporting;

/// <summary><c>report.md</c>: the tables for reading in a terminal, a pull request or a chat.</summary>
internal static class MarkdownReport
{
    public static string Render(BenchmarkReport report)
    {
        var text = new StringBuilder();
        text.Append($"# {ReportText.Headline(report)}\n\n");
        text.Append($"{ReportText.Lede(report)}\n\n");
        text.Append($"`{report.Title}`, {ReportNumbers.Moment(report.CompletionTime)}, ");
        text.Append($"{ReportNumbers.Duration(report.WallSeconds)} ({ReportNumbers.Duration(report.TaskSeconds)} in tasks).\n");
        AppendProblems(text, report.Problems);
        foreach (var rows in ReportText.Comparisons(report))
        {
            AppendComparison(text, report, rows);
        }

        AppendTraining(text, report.Training);
        AppendOrigin(text, report);
        return text.ToString();
    }

    private static void AppendProblems(StringBuilder text, IReadOnlyList<RunProblem> problems)
    {
        if (problems.Count == 0)
        {
            return;
        }

        text.Append("\n## Incomplete\n\n");
        foreach (var problem in problems)
        {
            string stage = problem.Stage is null ? "" : $"/{problem.Stage}";
            string code = problem.ExitCode is null ? "" : $" (exit code {problem.ExitCode})";
            text.Append($"- **{Cell(problem.Run + stage)}**{code}: {Cell(problem.Message)}\n");
        }
    }

    private static void AppendComparison(StringBuilder text, BenchmarkReport report, IReadOnlyList<BenchmarkRow> rows)
    {
        text.Append($"\n## {ReportText.Protocol(rows[0])} on {rows[0].Dataset}\n\n");
        text.Append("| Recipe | Protocol | Top-1 | Δ random | Top-5 | n |\n|---|---|---:|---:|---:|---:|\n");
        foreach (var row in rows)
        {
            string delta = row.DeltaToRandom is { } difference && !row.IsRandom ? ReportNumbers.SignedPoints(difference) : "–";
            text.Append($"| {Cell(row.Row)} | {ReportText.ShortProtocol(row)} | {ReportNumbers.MeanAndSpread(row)} | {delta} | ");
            text.Append($"{ReportNumbers.Points(ReportText.MeanTop5(row))} | {row.Count} |\n");
        }

        text.Append($"\n{ReportText.Caption(report, rows)}\n");
    }

    private static void AppendTraining(StringBuilder text, IReadOnlyList<StageReport> training)
    {
        if (training.Count == 0)
        {
            return;
        }

        text.Append("\n## Pre-training\n\n| Run | Stage | Objective | Steps | Final loss | Time |\n|---|---|---|---:|---:|---:|\n");
        foreach (var stage in training)
        {
            text.Append($"| {Cell(stage.Run)} | {Cell(stage.Stage)} | {ReportText.Objective(stage.Objective)} | ");
            text.Append($"{ReportNumbers.Count(stage.Steps)} | {ReportNumbers.Loss(stage.FinalLoss)} | {ReportNumbers.Duration(stage.Seconds)} |\n");
        }
    }

    private static void AppendOrigin(StringBuilder text, BenchmarkReport report)
    {
        text.Append("\n## How it was made\n\n| Data set | Who is in it | SHA-256 of the index |\n|---|---|---|\n");
        foreach (var dataset in report.Datasets)
        {
            text.Append($"| {Cell(dataset.Name)} | {ReportText.Humans(dataset.Humans)} | `{dataset.Digest}` |\n");
        }

        text.Append('\n');
        foreach (var (name, version) in report.Environment)
        {
            text.Append($"- {Cell(name)}: {Cell(version)}\n");
        }

        foreach (string record in report.Records)
        {
            text.Append($"- record: [{Cell(record)}](<{record}>)\n");
        }

        text.Append($"\nRepeat it: `ppma run -f {report.Title}`\n");
    }

    /// <summary>A text that stays inside its cell and is no markup.</summary>
    private static string Cell(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("|", "\\|", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .ReplaceLineEndings(" ");
}
