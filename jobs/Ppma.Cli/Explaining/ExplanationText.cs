using Ppma.Api;
using Ppma.Api.Tasks;

namespace Ppma.Cli.Explaining;

/// <summary>An explanation for people: a table of all tasks, then each task's numbers.</summary>
internal static class ExplanationText
{
    private static readonly string[] Columns = ["run", "what", "preset", "steps", "clips", "batch", "memory", "FLOPs", "time"];

    // From the fourth column on, numbers.
    private const int TextColumns = 3;

    public static async Task WriteAsync(Explanation explanation, TextWriter output)
    {
        await WriteTableAsync(explanation, output);

        // Trials of one protocol on one data set have the same numbers: one block for all of them.
        foreach (var alike in explanation.Tasks.GroupBy(task => string.Join('\n', TaskText.Lines(task).Prepend(("", task.What)))))
        {
            await output.WriteLineAsync();
            await WriteBlockAsync([.. alike], output);
        }
    }

    private static async Task WriteBlockAsync(IReadOnlyList<ExplainedTask> alike, TextWriter output)
    {
        ExplainedTask first = alike[0];
        await output.WriteLineAsync($"{first.Title}{(alike.Count == 1 ? "" : $" and {alike.Count - 1} with the same numbers")}: {first.What}");
        foreach ((string label, string text) in TaskText.Lines(first))
        {
            await output.WriteLineAsync($"  {label,-12}{text}");
        }

        int width = alike.Max(task => task.Title.Length);
        foreach (ExplainedTask task in alike)
        {
            await output.WriteLineAsync($"  {(task == first ? "starts from" : ""),-12}{(alike.Count == 1 ? "" : $"{task.Title.PadRight(width)}  ")}{task.Weights}, seed {task.Task.Seed}");
        }
    }

    private static async Task WriteTableAsync(Explanation explanation, TextWriter output)
    {
        string[][] rows = [Columns, .. explanation.Tasks.Select(Row)];
        int[] widths = [.. Columns.Select((_, column) => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            var cells = row.Select((cell, column) => column < TextColumns ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            await output.WriteLineAsync(string.Join("  ", cells).TrimEnd());
        }

        await output.WriteLineAsync();
        double hours = explanation.Tasks.Sum(task => task.Cost.Hours);
        double flops = explanation.Tasks.Sum(task => task.Cost.TrainingFlops + task.Cost.EvaluationFlops);
        await output.WriteLineAsync(
            $"{explanation.Tasks.Count} {(explanation.Tasks.Count == 1 ? "task" : "tasks")}, {Amounts.Of(flops, "FLOP")}, {Amounts.Duration(hours * 3600)} on one device, one after the other.");
        await output.WriteLineAsync($"Assumed: {explanation.Assumptions.Describe()}. Loading data is not counted.");
    }

    private static string[] Row(ExplainedTask task) =>
    [
        task.Title,
        Short(task),
        task.Preset,
        Amounts.Count(task.Optimization.Steps),
        Amounts.Count(task.Clips),
        Amounts.Count(task.Optimization.BatchSize),
        Amounts.Of(task.Step.Memory.Total, "B"),
        Amounts.Of(task.Cost.TrainingFlops + task.Cost.EvaluationFlops, ""),
        Amounts.Duration(task.Cost.Hours * 3600),
    ];

    private static string Short(ExplainedTask task) => task.Task switch
    {
        { PretrainStage.Objective: Objective.MaskedAutoencoding } => "MAE",
        { PretrainStage: not null } => "classify",
        { Evaluate.Protocol: Protocol.FineTune } => "fine-tune",
        _ when task.Task.Evaluate!.Weights.IsAdaptiveAverage => "average",
        { Evaluate.Trunk: TrunkMode.Published } => "probe (published)",
        _ => "probe",
    };
}
