using k8s.Models;
using Ppma.Api.Conditions;
using Ppma.Api.Pretraining;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;
using Ppma.Controllers;
using Ppma.Operator.Progress;

namespace Ppma.Operator.Tests.Runs;

/// <summary>What ends an attempt, who pays for the next, and when there is none.</summary>
public sealed class AttemptTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private readonly FakeCluster _cluster = new();

    public AttemptTests() => _cluster.Datasets.Put(Given.Dataset());

    [Theory]
    [InlineData(40, nameof(Reason.StorageOrNetwork), 0, 1)]
    [InlineData(42, nameof(Reason.Interrupted), 0, 1)]
    [InlineData(137, nameof(Reason.Killed), 0, 1)]
    [InlineData(43, nameof(Reason.Stalled), 1, 0)]
    [InlineData(1, nameof(Reason.Failed), 1, 0)]
    [InlineData(139, nameof(Reason.Failed), 1, 0)]
    [InlineData(44, nameof(Reason.Superseded), 0, 0)]
    public async Task Attempt_ThatFails_IsTriedAgainAtTheCostOfWhoIsToBlame(int exitCode, string cause, int application, int infrastructure)
    {
        var run = await RunningAsync();

        _cluster.End(exitCode);
        await _cluster.SettleAsync(run);

        var status = _cluster.StatusOf(run);
        Assert.Equal((cause, application, infrastructure), (status.Restarts!.Last!.Cause, status.Restarts.Application, status.Restarts.Infrastructure));
        Assert.Equal((StageState.BackingOff, 1), (status.Stages[0].State, status.Stages[0].Attempt));
        Assert.Equal("BackingOff", _cluster.Condition(run, ConditionType.Ready)!.Reason);

        await _cluster.PassAsync(Patience, run);
        Assert.Equal((StageState.Starting, 2), (_cluster.StatusOf(run).Stages[0].State, _cluster.StatusOf(run).Stages[0].Attempt));
        Assert.Equal(2, _cluster.Jobs.OnServer.Count);
    }

    [Theory]
    [InlineData(64, nameof(Reason.BadSpec))]
    [InlineData(65, nameof(Reason.DataDigestMismatch))]
    [InlineData(66, nameof(Reason.PrivacyViolation))]
    [InlineData(67, nameof(Reason.Diverged))]
    [InlineData(68, nameof(Reason.NoUsableCheckpoint))]
    public async Task Attempt_ThatWouldFailAgain_EndsTheRun(int exitCode, string reason)
    {
        var run = await RunningAsync();

        _cluster.End(exitCode, new() { Error = new(exitCode, reason, "the worker says why") });
        await _cluster.SettleAsync(run);

        Assert.Equal(("False", reason), (_cluster.Condition(run, ConditionType.Ready)!.Status, _cluster.Condition(run, ConditionType.Ready)!.Reason));
        Assert.Contains("the worker says why", _cluster.Condition(run, ConditionType.Stalled)!.Message, StringComparison.Ordinal);
        Assert.Equal(StageState.Failed, _cluster.StatusOf(run).Stages[0].State);
        Assert.Null(_cluster.Condition(run, ConditionType.Reconciling));
    }

    [Fact]
    public async Task Attempts_UseUpTheirBudget_AndThenTheRunHasFailed()
    {
        var run = await RunningAsync(spec => spec with { Restart = new() { Application = 2 } });
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            _cluster.End(1);
            await _cluster.SettleAsync(run);
            await _cluster.PassAsync(Patience, run);
        }

        Assert.Equal(3, _cluster.Jobs.OnServer.Count);
        Assert.Equal("ApplicationBudgetExhausted", _cluster.Condition(run, ConditionType.Ready)!.Reason);
        var message = _cluster.Condition(run, ConditionType.Ready)!.Message;
        Assert.StartsWith("spec.restart.application (2) is used up. Mend the cause and go on in a new run with spec.resumeFrom: {run: {name: ", message, StringComparison.Ordinal);
        Assert.Contains("Last: The worker ended with exit code 1", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BackOff_IsKeptByAnOperatorThatIsStartedAgain()
    {
        var run = await RunningAsync();
        _cluster.End(40);
        await _cluster.SettleAsync(run);
        var next = _cluster.StatusOf(run).Stages[0].NextAttemptTime!.Value;

        _cluster.Restart();
        var result = await _cluster.SettleAsync(run);

        Assert.Single(_cluster.Jobs.OnServer);
        Assert.Equal(next - _cluster.Now, result.RequeueAfter);
    }

    [Fact]
    public async Task Job_ThatSomebodyDeletes_IsReplacedByTheNextAttempt()
    {
        var run = await RunningAsync();
        var job = _cluster.Job();
        _cluster.Pods.Remove(ObjectKey.Of(_cluster.Pods.OnServer.Single()));
        _cluster.Jobs.Remove(ObjectKey.Of(job));

        await _cluster.SettleAsync(run);
        Assert.Equal(("DeletedByOthers", 1), (_cluster.StatusOf(run).Restarts!.Last!.Cause, _cluster.StatusOf(run).Restarts!.Infrastructure));

        await _cluster.PassAsync(Patience, run);
        Assert.EndsWith("-a2", _cluster.Job().Metadata.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_ThatTheCacheHasNotSeenYet_IsNotTakenForDeleted()
    {
        var run = _cluster.Apply(Given.Pretrain());
        await _cluster.SettleAsync(run);
        _cluster.Restart();
        _cluster.PretrainRuns.Sync();

        // The caches of Jobs and pods of the new process are empty.
        _cluster.Jobs.Forget();
        await _cluster.LookAsync(run);

        Assert.Equal(StageState.Starting, _cluster.StatusOf(run).Stages[0].State);
        Assert.Null(_cluster.StatusOf(run).Restarts);
    }

    [Fact]
    public async Task Job_WithoutPods_SaysWhatItsEventsSay()
    {
        var run = _cluster.Apply(Given.Pretrain());
        await _cluster.SettleAsync(run);
        _cluster.ObjectEvents.Add(new Corev1Event { Reason = "FailedCreate", Message = "pods \"x\" is forbidden: exceeded quota: gpus", LastTimestamp = _cluster.Now, Metadata = new() });

        var result = await _cluster.SettleAsync(run);
        Assert.Equal("WaitingForPod", _cluster.Condition(run, ConditionType.Scheduled)!.Reason);
        Assert.Equal(TimeSpan.FromSeconds(10), result.RequeueAfter);

        await _cluster.PassAsync(TimeSpan.FromSeconds(10), run);
        Assert.Equal("QuotaExceeded", _cluster.Condition(run, ConditionType.Scheduled)!.Reason);
    }

    [Fact]
    public async Task Attempt_WithoutAStepBeforeItsDeadline_IsStopped_AndTriedAgain()
    {
        var run = _cluster.Apply(Given.Pretrain(change: spec => spec with { Deadlines = new() { StartupSeconds = 600 } }));
        await _cluster.SettleAsync(run);
        _cluster.Pod(_cluster.Job());
        await _cluster.SettleAsync(run);

        await _cluster.PassAsync(TimeSpan.FromSeconds(601), run);
        Assert.Equal((StageState.Stopping, "StartupDeadlineExceeded"), (_cluster.StatusOf(run).Stages[0].State, _cluster.StatusOf(run).Stages[0].StopReason));
        Assert.NotNull(_cluster.Job().Metadata.DeletionTimestamp);
        var said = _cluster.Condition(run, ConditionType.Progressing)!.Message;
        Assert.Contains("spec.deadlines.startupSeconds (600 s, may be raised under the run). Pod ", said, StringComparison.Ordinal);

        _cluster.Collect();
        await _cluster.SettleAsync(run);
        Assert.EndsWith(said, _cluster.Condition(run, ConditionType.Progressing)!.Message, StringComparison.Ordinal);
        Assert.Equal(("StartupDeadlineExceeded", 1), (_cluster.StatusOf(run).Restarts!.Last!.Cause, _cluster.StatusOf(run).Restarts!.Infrastructure));
        Assert.Contains("has no node", _cluster.Condition(run, ConditionType.Ready)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attempt_ForWhichANodeIsBeingAdded_HasTheLongerDeadline()
    {
        var run = _cluster.Apply(Given.Pretrain(change: spec => spec with { Deadlines = new() { StartupSeconds = 600, ScaleUpSeconds = 1200 } }));
        await _cluster.SettleAsync(run);
        _cluster.Pod(_cluster.Job());
        _cluster.ObjectEvents.Add(new Corev1Event { Reason = "TriggeredScaleUp", Message = "pod triggered scale-up", LastTimestamp = _cluster.Now, Metadata = new() });

        await _cluster.PassAsync(TimeSpan.FromSeconds(900), run);
        Assert.Equal(StageState.Starting, _cluster.StatusOf(run).Stages[0].State);

        await _cluster.PassAsync(TimeSpan.FromSeconds(400), run);
        Assert.Equal("ScaleUpDeadlineExceeded", _cluster.StatusOf(run).Stages[0].StopReason);
    }

    [Fact]
    public async Task Run_BeyondItsActiveDeadline_HasFailed()
    {
        var run = await RunningAsync(spec => spec with { Deadlines = new() { ActiveSeconds = 3600 } });

        await _cluster.PassAsync(TimeSpan.FromSeconds(3601), run);
        _cluster.Collect();
        await _cluster.SettleAsync(run);

        Assert.Equal("ActiveDeadlineExceeded", _cluster.Condition(run, ConditionType.Ready)!.Reason);
        Assert.Contains("spec.deadlines.activeSeconds (3600 s). Mend the cause and go on", _cluster.Condition(run, ConditionType.Ready)!.Message, StringComparison.Ordinal);
        Assert.NotNull(_cluster.StatusOf(run).CompletionTime);
    }

    [Fact]
    public async Task Worker_ThatNobodyCanReach_IsLeftAlone_HoweverLong()
    {
        var run = await RunningAsync(spec => spec with { Deadlines = new() { StartupSeconds = 60, ProgressSeconds = 60 } });
        for (var i = 0; i < 100; i++)
        {
            _cluster.Progress = new ProgressSnapshot { Silence = TimeSpan.FromMinutes(10 * (i + 1)), Problem = "connection refused" };
            await _cluster.PassAsync(TimeSpan.FromMinutes(10), run);
        }

        Assert.Equal(("Unknown", "WorkerUnreachable"), (_cluster.Condition(run, ConditionType.Progressing)!.Status, _cluster.Condition(run, ConditionType.Progressing)!.Reason));
        Assert.Single(_cluster.Jobs.OnServer);
        Assert.Null(_cluster.StatusOf(run).Restarts);
    }

    [Fact]
    public async Task Worker_ThatSaysItDoesNotMove_IsStopped_OnlyAfterItsOwnWatchHadTheChance()
    {
        var run = await RunningAsync(spec => spec with { Deadlines = new() { ProgressSeconds = 300 } });
        _cluster.Progress = Said("training", unmoved: 301);
        await _cluster.SettleAsync(run);
        Assert.Equal(StageState.Running, _cluster.StatusOf(run).Stages[0].State);

        _cluster.Progress = Said("training", unmoved: 361);
        await _cluster.SettleAsync(run);
        _cluster.Collect();
        await _cluster.SettleAsync(run);

        Assert.Equal(("Stalled", 1), (_cluster.StatusOf(run).Restarts!.Last!.Cause, _cluster.StatusOf(run).Restarts!.Application));
    }

    [Fact]
    public async Task Progress_OfTheWorker_IsInTheStatus()
    {
        var run = await RunningAsync();
        _cluster.Progress = Said("training", unmoved: 1) with
        {
            Shown = new() { Percent = 40, Step = 40, TotalSteps = 100, LastProgressTime = _cluster.Now },
            Checkpoint = new() { Path = "mae/checkpoints/step-30", Digest = new string('a', 64), Step = 30 },
        };

        await _cluster.SettleAsync(run);

        var stage = _cluster.StatusOf(run).Stages[0];
        Assert.Equal((40, 30L), (stage.Progress!.Percent, stage.Checkpoint!.Step));
        Assert.Equal(("True", "Running"), (_cluster.Condition(run, ConditionType.Progressing)!.Status, _cluster.Condition(run, ConditionType.Progressing)!.Reason));
    }

    [Fact]
    public async Task Usage_OfAnAttempt_IsCountedWhenItEnds()
    {
        var run = await RunningAsync(spec => spec with { Compute = spec.Compute with { GpusPerWorker = 1 } });

        _cluster.Time.Advance(TimeSpan.FromSeconds(100));
        _cluster.End(1);
        await _cluster.SettleAsync(run);

        var usage = _cluster.StatusOf(run).Usage!;
        Assert.Equal((60, 60, 100), (usage.GpuSeconds, usage.WastedGpuSeconds, usage.ActiveSeconds));
    }

    [Fact]
    public async Task Usage_OfAnAttemptThatOnlyTheStatusTellsOf_KeepsWhatItsCheckpointKept()
    {
        var run = await RunningAsync(spec => spec with { Compute = spec.Compute with { GpusPerWorker = 1 } });
        _cluster.Time.Advance(TimeSpan.FromSeconds(100));
        _cluster.Progress = Said("training", unmoved: 1) with
        {
            Shown = new() { Percent = 40, Step = 40, TotalSteps = 100, LastProgressTime = _cluster.Now },
            Checkpoint = new() { Path = "mae/checkpoints/step-30", Digest = new string('a', 64), Step = 30 },
            CheckpointTime = _cluster.Now.AddSeconds(-10),
        };
        await _cluster.SettleAsync(run);

        _cluster.Restart();
        _cluster.Progress = null;
        _cluster.End(1);
        await _cluster.SettleAsync(run);

        var usage = _cluster.StatusOf(run).Usage!;
        Assert.Equal((60, 10), (usage.GpuSeconds, usage.WastedGpuSeconds));
    }

    [Fact]
    public async Task SuspendedRun_HasNoPods_AndGoesOnWithTheNextAttempt_UncountedAndAtOnce()
    {
        var run = await RunningAsync();
        _cluster.Edit(run, spec => spec with { Suspend = true });
        await _cluster.SettleAsync(run);
        Assert.Equal((StageState.Stopping, "Suspending"), (_cluster.StatusOf(run).Stages[0].State, _cluster.StatusOf(run).Stages[0].StopReason));
        Assert.Equal(("False", "Suspending"), (_cluster.Condition(run, ConditionType.Suspended)!.Status, _cluster.Condition(run, ConditionType.Suspended)!.Reason));

        _cluster.Collect();
        await _cluster.SettleAsync(run);
        Assert.Equal("True", _cluster.Condition(run, ConditionType.Suspended)!.Status);
        Assert.Null(_cluster.Condition(run, ConditionType.Reconciling));
        await _cluster.PassAsync(TimeSpan.FromDays(30), run);
        Assert.Empty(_cluster.Jobs.OnServer);

        _cluster.Edit(run, spec => spec with { Suspend = false });
        await _cluster.SettleAsync(run);
        Assert.Equal((StageState.Starting, 2), (_cluster.StatusOf(run).Stages[0].State, _cluster.StatusOf(run).Stages[0].Attempt));
        Assert.Null(_cluster.StatusOf(run).Restarts);
        Assert.Null(_cluster.Condition(run, ConditionType.Suspended));
    }

    [Fact]
    public async Task Suspension_IsInTheStatus_BeforeTheJobIsDeleted()
    {
        var run = await RunningAsync();
        _cluster.Edit(run, spec => spec with { Suspend = true });
        var from = _cluster.Api.Requests.Count;

        await _cluster.SettleAsync(run);

        var kinds = _cluster.Api.Requests.Skip(from).Select(request => string.Join(' ', request.Split(' ')[..2])).ToList();
        Assert.True(kinds.IndexOf("PUT PretrainRun") < kinds.IndexOf("DELETE Job"), string.Join(", ", kinds));
    }

    [Fact]
    public async Task CancelledRun_IsOver_AndStaysSo()
    {
        var run = await RunningAsync();
        _cluster.Edit(run, spec => spec with { Cancel = true });
        await _cluster.SettleAsync(run);
        _cluster.Collect();
        await _cluster.SettleAsync(run);
        Assert.Equal(("False", "Cancelled"), (_cluster.Condition(run, ConditionType.Ready)!.Status, _cluster.Condition(run, ConditionType.Ready)!.Reason));
        Assert.Equal(StageState.Cancelled, _cluster.StatusOf(run).Stages[0].State);

        _cluster.Edit(run, spec => spec with { Cancel = false });
        await _cluster.PassAsync(TimeSpan.FromHours(1), run);

        Assert.Empty(_cluster.Jobs.OnServer);
    }

    [Fact]
    public async Task RunThatIsDoneWhileItIsSuspended_HasItsResult()
    {
        var run = await RunningAsync();
        _cluster.Edit(run, spec => spec with { Suspend = true });
        _cluster.Finish();

        await _cluster.SettleAsync(run);

        Assert.Equal("Completed", _cluster.Condition(run, ConditionType.Ready)!.Reason);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunSuspendedOrCancelledBeforeItBegan_NeverHasAJob(bool cancel)
    {
        var run = _cluster.Apply(Given.Pretrain(change: spec => spec with { Suspend = !cancel, Cancel = cancel }));

        await _cluster.SettleAsync(run);

        Assert.Empty(_cluster.Jobs.OnServer);
        Assert.Equal(cancel ? "Cancelled" : "Suspended", _cluster.Condition(run, ConditionType.Ready)!.Reason);
    }

    private static ProgressSnapshot Said(string phase, int unmoved) => new()
    {
        Latest = new TaskProgress { Phase = phase, Step = 40, TotalSteps = 100, LastProgressTime = DateTimeOffset.UnixEpoch },
        Silence = TimeSpan.FromSeconds(5),
        Unmoved = TimeSpan.FromSeconds(unmoved),
    };

    private async Task<PretrainRun> RunningAsync(Func<PretrainRunSpec, PretrainRunSpec>? change = null)
    {
        var run = _cluster.Apply(Given.Pretrain(change: change));
        await _cluster.SettleAsync(run);
        _cluster.Run();
        await _cluster.SettleAsync(run);
        return run;
    }
}
