using Ppma.Api.Tasks;

namespace Ppma.Cli.Running;

/// <summary>
/// Runs a plan: each task when what it needs is done, in the plan's order, at most <paramref name="parallel"/> at once.
/// A task that fails takes along only those that need it.
/// </summary>
internal sealed class PlanRunner(TaskSupervisor supervisor, RunBoard board, int parallel)
{
    /// <returns>How each task ended.</returns>
    public async Task<IReadOnlyDictionary<PlannedTask, TaskEnd>> RunAsync(
        IReadOnlyList<PlannedTask> plan, CancellationToken stop, CancellationToken kill)
    {
        var ends = new Dictionary<PlannedTask, TaskEnd>();
        var running = new Dictionary<Task<TaskEnd>, PlannedTask>();
        while (ends.Count < plan.Count)
        {
            foreach (PlannedTask task in plan.Where(task => !ends.ContainsKey(task) && !running.ContainsValue(task)))
            {
                if (WhyNot(task, ends, stop) is { } reason)
                {
                    End(ends, task, TaskEnd.NotRun(reason));
                }
                else if (running.Count < parallel && task.Needs.All(ends.ContainsKey))
                {
                    running.Add(RunOneAsync(task, ends, stop, kill), task);
                }
            }

            if (running.Count > 0)
            {
                Task<TaskEnd> first = await Task.WhenAny(running.Keys);
                running.Remove(first, out PlannedTask? ended);
                End(ends, ended!, await first);
            }
        }

        return ends;
    }

    private async Task<TaskEnd> RunOneAsync(
        PlannedTask task, Dictionary<PlannedTask, TaskEnd> ends, CancellationToken stop, CancellationToken kill)
    {
        board.Start(task);
        try
        {
            TaskSpec spec = task.Resolve(ends);
            return await supervisor.RunAsync(spec, progress => board.Progress(task, progress), stop, kill);
        }
        catch (TaskFailedException e)
        {
            return new TaskEnd { State = TaskState.Failed, Error = new TaskError(e.ExitCode, ExitCodes.Reason(e.ExitCode), e.Message) };
        }
    }

    private static string? WhyNot(PlannedTask task, Dictionary<PlannedTask, TaskEnd> ends, CancellationToken stop)
    {
        if (task.Needs.FirstOrDefault(need => ends.TryGetValue(need, out TaskEnd? end) && end.State != TaskState.Done) is { } missing)
        {
            return $"It needs '{missing.Title}', which {(ends[missing].State == TaskState.Failed ? "failed" : "was not finished")}.";
        }

        return stop.IsCancellationRequested ? "Stopped before its turn." : null;
    }

    private void End(Dictionary<PlannedTask, TaskEnd> ends, PlannedTask task, TaskEnd end)
    {
        ends.Add(task, end);
        board.End(task, end);
    }
}
