using Ppma.Api.Tasks;
using Ppma.Cli.Running;

namespace Ppma.Cli.Tests.Running;

public sealed class PlanRunnerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ppma-run-tests-").FullName;
    private readonly ScriptedLauncher _launcher = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task RunAsync_TasksThatNeedEachOther_RunInThatOrder()
    {
        PlannedTask first = Planned("first");
        PlannedTask second = Planned("second", first);

        await RunAsync([first, second, Planned("third", second)]);

        Assert.Equal(["first", "second", "third"], _launcher.Starts.Select(start => start.Run));
    }

    [Fact]
    public async Task RunAsync_OneFails_OnlyWhatNeedsItIsNotRun()
    {
        PlannedTask broken = Planned("broken");
        PlannedTask needy = Planned("needy", broken);
        PlannedTask needier = Planned("needier", needy);
        PlannedTask other = Planned("other");
        _launcher.Ends("broken", ExitCodes.Diverged);

        IReadOnlyDictionary<PlannedTask, TaskEnd> ends = await RunAsync([broken, needy, needier, other]);

        Assert.Equal(
            [TaskState.Failed, TaskState.NotRun, TaskState.NotRun, TaskState.Done],
            new[] { broken, needy, needier, other }.Select(task => ends[task].State));
        Assert.Equal(ExitCodes.Diverged, ends[broken].Error!.ExitCode);
        Assert.Contains("'broken', which failed", ends[needy].Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Again_ComputesNothingThatIsDone()
    {
        PlannedTask[] plan = [Planned("first"), Planned("second")];
        await RunAsync(plan);
        _launcher.Starts.Clear();

        IReadOnlyDictionary<PlannedTask, TaskEnd> ends = await RunAsync(plan);

        Assert.Empty(_launcher.Starts);
        Assert.All(ends.Values, end => Assert.Equal(TaskState.Done, end.State));
    }

    [Fact]
    public async Task RunAsync_Stopped_InterruptsTheRunningAndStartsNoOther()
    {
        PlannedTask first = Planned("first");
        PlannedTask second = Planned("second");
        _launcher.OnRun = _ => _stop.Cancel();
        _launcher.Ends("first", ExitCodes.Interrupted);

        IReadOnlyDictionary<PlannedTask, TaskEnd> ends = await RunAsync([first, second]);

        Assert.Equal((TaskState.Interrupted, TaskState.NotRun), (ends[first].State, ends[second].State));
    }

    [Theory]
    [InlineData(ExitCodes.StorageOrNetwork)]
    [InlineData(ExitCodes.Interrupted)]
    [InlineData(137)]
    [InlineData(ExitCodes.Stalled)]
    [InlineData(139)]
    public async Task RunAsync_EndThatMayNotRepeat_IsTriedAgain(int exitCode)
    {
        PlannedTask task = Planned("task");
        _launcher.Ends("task", exitCode);

        Assert.Equal(TaskState.Done, (await RunAsync([task]))[task].State);
        Assert.Equal(2, _launcher.Starts.Count);
    }

    [Theory]
    [InlineData(ExitCodes.BadSpec, 1)]
    [InlineData(ExitCodes.Superseded, 1)]
    [InlineData(ExitCodes.Failed, 1 + RestartPolicy.ApplicationBudget)]
    [InlineData(ExitCodes.StorageOrNetwork, 1 + RestartPolicy.InfrastructureBudget)]
    public async Task RunAsync_EndThatRepeats_IsGivenUpAfterItsBudget(int exitCode, int starts)
    {
        PlannedTask task = Planned("task");
        _launcher.Ends("task", [.. Enumerable.Repeat(exitCode, 10)]);

        TaskEnd end = (await RunAsync([task]))[task];

        Assert.Equal((TaskState.Failed, exitCode), (end.State, end.Error!.ExitCode));
        Assert.Equal(starts, _launcher.Starts.Count);
    }

    [Fact]
    public async Task RunAsync_TaskThatCannotBeResolved_FailsWithThatMessage()
    {
        var task = new PlannedTask
        {
            Run = "task", Needs = [], Resolve = _ => throw new TaskFailedException(ExitCodes.PrivacyViolation, "real humans"),
        };

        TaskEnd end = (await RunAsync([task]))[task];

        Assert.Equal((ExitCodes.PrivacyViolation, "real humans"), (end.Error!.ExitCode, end.Error.Message));
    }

    private async Task<IReadOnlyDictionary<PlannedTask, TaskEnd>> RunAsync(IReadOnlyList<PlannedTask> plan)
    {
        var supervisor = new TaskSupervisor(_launcher, new ImpatientTime());
        return await new PlanRunner(supervisor, new RunBoard(plan, TimeProvider.System), parallel: 1)
            .RunAsync(plan, _stop.Token, CancellationToken.None);
    }

    private PlannedTask Planned(string run, params PlannedTask[] needs) => new()
    {
        Run = run,
        Needs = needs,
        Resolve = _ => new TaskSpec
        {
            Kind = TaskKind.VerifyDataset,
            Run = new RunIdentity("VideoDataset", "default", run, "u"),
            InputDigest = new string('a', 64),
            ArtifactsUri = new Uri(Path.Combine(_folder, run)).AbsoluteUri,
            VerifyDataset = new VerifyDatasetTask { Name = run, Uri = "file:///data" },
        },
    };

    /// <summary>Waits end at once.</summary>
    private sealed class ImpatientTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
