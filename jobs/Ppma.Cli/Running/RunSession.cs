using Ppma.Api.Tasks;
using Ppma.Cli.Reporting;
using Ppma.Worker.Artifacts;
using Spectre.Console;

namespace Ppma.Cli.Running;

/// <summary>One call of <c>ppma run</c>: plan, run, report.</summary>
internal sealed class RunSession(RunOptions options, TextWriter output, TextWriter error, TimeProvider time)
{
    /// <returns>0; the code of the first task that failed; or 42 when the person stopped it.</returns>
    /// <exception cref="TaskFailedException">Manifests, data or folders do not allow a start.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        RunPlan runs = await RunPlanner.PlanAsync(options, error, cancellationToken);
        IReadOnlyList<PlannedTask> plan = runs.Tasks;
        CreateOutputFolder();

        using var launcher = new WorkerLauncher(Path.Combine(AppContext.BaseDirectory, "ppma-worker"), options.Data, time);
        using var signals = new StopSignals(
            () => error.WriteLine("ppma: stopping at the next step; once more to end at once"), cancellationToken);
        var board = new RunBoard(plan, time);
        var runner = new PlanRunner(new TaskSupervisor(launcher, time), board, options.Parallel ?? Math.Max(1, Environment.ProcessorCount / runs.MostThreads));
        IReadOnlyDictionary<PlannedTask, TaskEnd> ends = await ShowWhileAsync(
            View(console), board, runner.RunAsync(plan, signals.Stop, signals.Kill));

        BenchmarkReport report = new ReportBuilder(options.Manifests, options.OutputFolder, runs.Classes)
            .Build(plan, ends, time.GetElapsedTime(started), time.GetUtcNow());
        await WriteReportAsync(report);
        TableView.Write(console, report);
        return await ConcludeAsync(plan, ends, signals.Stop.IsCancellationRequested);
    }

    private IRunView View(IAnsiConsole console) => console.Profile.Capabilities.Interactive && !Console.IsOutputRedirected
        ? new LiveRunView(console, time)
        : new PlainRunView(output, time);

    private static async Task<T> ShowWhileAsync<T>(IRunView view, RunBoard board, Task<T> work)
    {
        using var ended = new CancellationTokenSource();
        Task shown = view.ShowAsync(board, ended.Token);
        try
        {
            return await work;
        }
        finally
        {
            await ended.CancelAsync();
            await shown;
        }
    }

    private void CreateOutputFolder()
    {
        try
        {
            Directory.CreateDirectory(options.OutputFolder);
        }
        catch (Exception e) when (StorageFailure.Explains(e))
        {
            throw StorageFailure.ToTaskFailure(e, Path.Combine(options.OutputFolder, "report.md"));
        }
    }

    private async Task WriteReportAsync(BenchmarkReport report)
    {
        try
        {
            await ReportFiles.WriteAsync(report, options.OutputFolder, CancellationToken.None);
        }
        catch (Exception e) when (StorageFailure.Explains(e))
        {
            throw StorageFailure.ToTaskFailure(e, Path.Combine(options.OutputFolder, ReportFiles.Results));
        }
    }

    private async Task<int> ConcludeAsync(IReadOnlyList<PlannedTask> plan, IReadOnlyDictionary<PlannedTask, TaskEnd> ends, bool stopped)
    {
        await output.WriteLineAsync($"Report: {Path.Combine(options.OutputFolder, ReportFiles.Html)} (also report.md, results.json)");
        foreach (PlannedTask task in plan.Where(task => ends[task].State is TaskState.Failed))
        {
            await error.WriteLineAsync($"ppma: {task.Title} failed [{ends[task].Error!.Reason}]: {ends[task].Error!.Message}");
        }

        int notRun = plan.Count(task => ends[task].State is TaskState.NotRun or TaskState.Interrupted);
        int done = plan.Count(task => ends[task].State == TaskState.Done);
        if (stopped && done < plan.Count)
        {
            await error.WriteLineAsync($"ppma: stopped with {done} of {plan.Count} tasks done. The same command continues where it stopped.");
            return ExitCodes.Interrupted;
        }

        PlannedTask? failed = plan.FirstOrDefault(task => ends[task].State == TaskState.Failed);
        if (failed is null)
        {
            return ExitCodes.Done;
        }

        await error.WriteLineAsync($"ppma: {done} of {plan.Count} tasks done, {notRun} not run because of what failed. After mending it, the same command continues.");
        return ends[failed].Error!.ExitCode;
    }
}
