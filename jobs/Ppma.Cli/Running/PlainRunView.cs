namespace Ppma.Cli.Running;

/// <summary>Where output is no terminal: a line when a task starts or ends, and every few seconds for one that runs.</summary>
internal sealed class PlainRunView(TextWriter output, TimeProvider time) : IRunView
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);

    private readonly Dictionary<PlannedTask, (TaskState State, long Since)> _shown = [];

    public async Task ShowAsync(RunBoard board, CancellationToken ended)
    {
        bool last;
        do
        {
            await Task.Delay(PollInterval, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            last = ended.IsCancellationRequested;
            foreach (BoardLine line in board.Lines.Where(IsDue))
            {
                _shown[line.Task] = (line.State, time.GetTimestamp());
                await output.WriteLineAsync(Render(line));
            }

            await output.FlushAsync(CancellationToken.None);
        }
        while (!last);
    }

    private bool IsDue(BoardLine line)
    {
        (TaskState state, long since) = _shown.GetValueOrDefault(line.Task, (TaskState.Waiting, 0));
        return line.State != state
            || (line is { State: TaskState.Running, Progress.TotalSteps: > 0 } && time.GetElapsedTime(since) >= ProgressInterval);
    }

    private static string Render(BoardLine line)
    {
        string[] parts =
        [
            RunText.Outcome(line),
            RunText.Step(line),
            RunText.Rate(line),
            Labelled("eta", RunText.Eta(line)),
            Labelled("loss", RunText.Loss(line)),
            RunText.Warning(line),
        ];
        return $"{line.Task.Title}: {string.Join("  ", parts.Where(part => part.Length > 0))}";
    }

    private static string Labelled(string label, string text) => text.Length > 0 ? $"{label} {text}" : "";
}
