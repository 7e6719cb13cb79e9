using Spectre.Console;

namespace Ppma.Cli.Running;

/// <summary>On a terminal: a table that changes in place.</summary>
internal sealed class LiveRunView(IAnsiConsole console, TimeProvider time) : IRunView
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    public Task ShowAsync(RunBoard board, CancellationToken ended) =>
        console.Live(Render(board.Lines)).AutoClear(false).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom)
            .StartAsync(async live =>
            {
                bool last;
                do
                {
                    await Task.Delay(Interval, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    last = ended.IsCancellationRequested;
                    live.UpdateTarget(Render(board.Lines));
                }
                while (!last);
            });

    private static Table Render(IReadOnlyList<BoardLine> lines)
    {
        Table table = new Table().Border(TableBorder.None).AddColumns("", "run", "step");
        foreach (string column in (string[])["rate", "eta", "loss"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        table.AddColumn("");
        foreach (BoardLine line in lines)
        {
            table.AddRow(
                Mark(line.State),
                Markup.Escape(line.Task.Title),
                RunText.Step(line),
                RunText.Rate(line),
                RunText.Eta(line),
                RunText.Loss(line),
                $"{Markup.Escape(RunText.Outcome(line))} [yellow]{Markup.Escape(RunText.Warning(line))}[/]");
        }

        return table;
    }

    private static string Mark(TaskState state) => state switch
    {
        TaskState.Waiting => "[grey]·[/]",
        TaskState.Running => "[blue]▶[/]",
        TaskState.Done => "[green]✓[/]",
        TaskState.Failed => "[red]✗[/]",
        _ => "[yellow]–[/]",
    };
}
