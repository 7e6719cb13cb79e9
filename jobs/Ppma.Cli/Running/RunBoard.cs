using Ppma.Api.Tasks;

namespace Ppma.Cli.Running;

/// <summary>Where every task of a plan stands, for whoever shows it. Thread-safe.</summary>
internal sealed class RunBoard
{
    private readonly Lock _lock = new();
    private readonly Dictionary<PlannedTask, BoardLine> _lines;
    private readonly TimeProvider _time;

    public RunBoard(IReadOnlyList<PlannedTask> plan, TimeProvider time)
    {
        Plan = plan;
        _time = time;
        _lines = plan.ToDictionary(task => task, task => new BoardLine(task, TaskState.Waiting, null, null, null));
    }

    public IReadOnlyList<PlannedTask> Plan { get; }

    public IReadOnlyList<BoardLine> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. Plan.Select(task => _lines[task])];
            }
        }
    }

    public void Start(PlannedTask task) =>
        Update(task, line => line with { State = TaskState.Running, StartTime = _time.GetUtcNow() });

    public void Progress(PlannedTask task, TaskProgress progress) =>
        Update(task, line => line.State == TaskState.Running ? line with { Progress = progress } : line);

    public void End(PlannedTask task, TaskEnd end) => Update(task, line => line with { State = end.State, End = end });

    private void Update(PlannedTask task, Func<BoardLine, BoardLine> change)
    {
        lock (_lock)
        {
            _lines[task] = change(_lines[task]);
        }
    }
}

/// <param name="Task">The task.</param>
/// <param name="State">Where it stands.</param>
/// <param name="StartTime">When this call started it.</param>
/// <param name="Progress">The last its worker said.</param>
/// <param name="End">How it ended.</param>
internal sealed record BoardLine(PlannedTask Task, TaskState State, DateTimeOffset? StartTime, TaskProgress? Progress, TaskEnd? End);
