using System.Globalization;
using Ppma.Api.Tasks;

namespace Ppma.Cli.Running;

/// <summary>What a line of the live view says, in words that both views share.</summary>
internal static class RunText
{
    /// <summary>Share of the time above which the data, and not the computation, limits a training.</summary>
    private const double MostWaiting = 0.2;

    /// <summary>Empty once it is done: the last progress that was seen is not the last there was.</summary>
    public static string Step(BoardLine line) => line is { State: not TaskState.Done, Progress: { TotalSteps: > 0 } p }
        ? string.Create(CultureInfo.InvariantCulture, $"{p.Step}/{p.TotalSteps}")
        : "";

    public static string Rate(BoardLine line) => line is { State: TaskState.Running, Progress.ClipsPerSecond: > 0 }
        ? string.Create(CultureInfo.InvariantCulture, $"{line.Progress.ClipsPerSecond:0} clips/s")
        : "";

    public static string Eta(BoardLine line) => line is { State: TaskState.Running, Progress.EtaSeconds: > 0 }
        ? Duration(TimeSpan.FromSeconds(line.Progress.EtaSeconds))
        : "";

    public static string Loss(BoardLine line) => line is { State: TaskState.Running, Progress.Loss: { } loss }
        ? string.Create(CultureInfo.InvariantCulture, $"{loss:0.000}")
        : "";

    /// <summary>What keeps a training from going well, as far as it can be seen from outside; empty where nothing does.</summary>
    public static string Warning(BoardLine line)
    {
        if (line is not { State: TaskState.Running, Progress: { } progress })
        {
            return "";
        }

        string waiting = progress.WaitShare > MostWaiting
            ? string.Create(CultureInfo.InvariantCulture, $"waiting for data ({100 * progress.WaitShare:0} %)")
            : "";
        string skipped = progress.SkippedUpdates > 0 ? $"{progress.SkippedUpdates} {(progress.SkippedUpdates == 1 ? "update" : "updates")} skipped" : "";
        return string.Join(", ", new[] { waiting, skipped }.Where(text => text.Length > 0));
    }

    /// <summary>Phase while it runs; then what came out.</summary>
    public static string Outcome(BoardLine line) => line switch
    {
        { State: TaskState.Waiting } => "waiting",
        { State: TaskState.Running, Progress: { } progress } => progress.Phase,
        { State: TaskState.Running } => "starting",
        { End.Result: { } result } => Result(result),
        { End.Error: { } error } => $"{State(line.State)}: {error.Message}",
        _ => State(line.State),
    };

    public static string Duration(TimeSpan time) => time.TotalHours >= 1
        ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)
        : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);

    private static string Result(TaskResult result) => string.Create(CultureInfo.InvariantCulture, $"{Score(result)} in {Duration(result.CompletionTime - result.StartTime)}");

    private static string Score(TaskResult result) => result switch
    {
        { Training: { } training } => string.Create(CultureInfo.InvariantCulture, $"done, loss {training.FinalLoss:0.000}"),
        { Evaluation: { } evaluation } => string.Create(CultureInfo.InvariantCulture, $"done, top-1 {100 * evaluation.Top1:0.0} %"),
        _ => "done",
    };

    private static string State(TaskState state) => state switch
    {
        TaskState.NotRun => "not run",
        TaskState.Interrupted => "stopped",
        _ => "failed",
    };
}
