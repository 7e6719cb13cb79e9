using k8s.Models;
using Ppma.Api.Conditions;
using Ppma.Api.Pretraining;
using Ppma.Api.Runs;
using Ppma.Controllers;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Tests.Runs;

/// <summary>After the end, changes of what may not change, and whoever keeps the operator away.</summary>
public sealed class RunEndTests
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private readonly FakeCluster _cluster = new();

    public RunEndTests() => _cluster.Datasets.Put(Given.Dataset());

    [Fact]
    public async Task FinishedRun_KeepsItsJobs_UntilItsTimeToLiveIsOver()
    {
        var run = await FinishedAsync();
        var result = await _cluster.SettleAsync(run);
        Assert.Equal(Week, result.RequeueAfter);
        Assert.Single(_cluster.Jobs.OnServer);

        await _cluster.PassAsync(Week, run);

        Assert.Empty(_cluster.Jobs.OnServer);
        Assert.Empty(_cluster.ConfigMaps.OnServer);
        Assert.Equal(("False", "TimeToLiveOver"), (_cluster.Condition(run, ConditionType.Admitted)!.Status, _cluster.Condition(run, ConditionType.Admitted)!.Reason));
        Assert.Equal("True", _cluster.Condition(run, ConditionType.Ready)!.Status);
        Assert.NotNull(_cluster.StatusOf(run).Stages[0].Checkpoint);
    }

    [Fact]
    public async Task ExpiredRun_IsNeverLookedAfterAgain()
    {
        var run = await FinishedAsync();
        await _cluster.PassAsync(Week, run);
        var before = _cluster.Api.Calls;

        _cluster.Restart();
        var result = await _cluster.PassAsync(Week, run);

        Assert.Equal(before, _cluster.Api.Calls);
        Assert.Null(result.RequeueAfter);
    }

    [Fact]
    public async Task TimeToLive_MayChangeAfterTheEnd()
    {
        var run = await FinishedAsync();
        _cluster.Edit(run, spec => spec with { TtlSecondsAfterFinished = 60 });

        await _cluster.PassAsync(TimeSpan.FromSeconds(61), run);

        Assert.Empty(_cluster.Jobs.OnServer);
        Assert.Equal(2, _cluster.StatusOf(run).ObservedGeneration);
    }

    [Fact]
    public async Task FinishedRun_WhateverIsChanged_CreatesNothing()
    {
        var run = await FinishedAsync();
        _cluster.Edit(run, spec => spec with { Suspend = true, Seed = 7, Cancel = true });
        await _cluster.SettleAsync(run);
        _cluster.Jobs.Remove(ObjectKey.Of(_cluster.Job()));
        _cluster.ConfigMaps.Remove(ObjectKey.Of(_cluster.ConfigMaps.OnServer.Single()));
        _cluster.Edit(run, spec => spec with { Suspend = false });
        var from = _cluster.Api.Committed.Count;

        await _cluster.SettleAsync(run);
        await _cluster.PassAsync(Week, run);

        Assert.DoesNotContain(_cluster.Api.Committed.Skip(from), request => request.StartsWith("POST", StringComparison.Ordinal));
        Assert.Equal("Completed", _cluster.Condition(run, ConditionType.Ready)!.Reason);
    }

    [Fact]
    public async Task JobOfAProcessThatNoLongerLed_IsRemoved()
    {
        var run = await FinishedAsync();
        var stray = _cluster.Job();
        _cluster.Jobs.Put(new V1Job
        {
            Metadata = new() { Name = "stray", NamespaceProperty = Given.Namespace, OwnerReferences = stray.Metadata.OwnerReferences, Labels = stray.Metadata.Labels },
            Spec = stray.Spec,
        });

        await _cluster.SettleAsync(run);

        Assert.Equal([stray.Metadata.Name], _cluster.Jobs.OnServer.Select(job => job.Metadata.Name));
    }

    [Fact]
    public async Task JobWhoseSidecarOutlivesItsWorker_IsRemoved_BeforeTheRunIsOver()
    {
        var run = _cluster.Apply(Given.Pretrain(stages: 2));
        await _cluster.SettleAsync(run);
        var first = _cluster.Job();
        _cluster.Finish();
        _cluster.HoldOn(first);
        await _cluster.SettleAsync(run);
        Assert.Equal(2, _cluster.Jobs.OnServer.Count);

        await _cluster.PassAsync(TimeSpan.FromSeconds(60), run);

        Assert.NotNull(_cluster.Jobs.OnServerAt(ObjectKey.Of(first))?.Metadata.DeletionTimestamp);
        Assert.Equal((StageState.Succeeded, StageState.Starting), (_cluster.StatusOf(run).Stages[0].State, _cluster.StatusOf(run).Stages[1].State));
    }

    [Fact]
    public async Task JobWhoseSidecarOutlivesTheRun_IsRemoved()
    {
        var run = await FinishedAsync();
        _cluster.HoldOn(_cluster.Job());

        await _cluster.PassAsync(TimeSpan.FromSeconds(60), run);

        Assert.NotNull(_cluster.Job().Metadata.DeletionTimestamp);
        Assert.Equal("Completed", _cluster.Condition(run, ConditionType.Ready)!.Reason);
    }

    [Fact]
    public async Task DeletedRun_IsLeftToTheGarbageCollector()
    {
        var run = _cluster.Apply(Given.Pretrain());
        await _cluster.SettleAsync(run);
        var now = _cluster.PretrainRuns.OnServerAt(ObjectKey.Of(run))!;
        now.Metadata.DeletionTimestamp = _cluster.Now;
        _cluster.PretrainRuns.Put(now);
        var before = _cluster.Api.Calls;

        await _cluster.SettleAsync(run);
        _cluster.PretrainRuns.Remove(ObjectKey.Of(run));
        await _cluster.SettleAsync(run);

        Assert.Equal(before, _cluster.Api.Calls);
        Assert.All(_cluster.Jobs.OnServer.Select(job => job.Metadata).Concat(_cluster.ConfigMaps.OnServer.Select(map => map.Metadata)),
            child => Assert.True(child.OwnerReferences.Single() is { Controller: true, BlockOwnerDeletion: true } owner && owner.Uid == run.Metadata.Uid));
    }

    [Fact]
    public async Task SpecThatIsChangedInPlace_IsNotFollowed_AndNamed()
    {
        var run = _cluster.Apply(Given.Pretrain());
        await _cluster.SettleAsync(run);
        _cluster.Edit(run, spec => spec with { Seed = 7 });

        await _cluster.SettleAsync(run);

        var accepted = _cluster.Condition(run, ConditionType.SpecAccepted)!;
        Assert.Equal(("False", "ImmutableFieldChanged", 2L), (accepted.Status, accepted.Reason, accepted.ObservedGeneration));
        Assert.Contains("spec.seed was 123, and is 7", accepted.Message, StringComparison.Ordinal);
        _cluster.End(40);
        await _cluster.SettleAsync(run);
        await _cluster.PassAsync(TimeSpan.FromMinutes(20), run);
        Assert.Equal(123, Kubelet.Task(_cluster, _cluster.Job()).Task.Seed);

        _cluster.Edit(run, spec => spec with { Seed = 123 });
        await _cluster.SettleAsync(run);
        Assert.Equal("True", _cluster.Condition(run, ConditionType.SpecAccepted)!.Status);
    }

    [Fact]
    public async Task LongerDeadlinesAndLargerBudgets_MayBeGiven_ShorterMayNot()
    {
        var run = _cluster.Apply(Given.Pretrain());
        await _cluster.SettleAsync(run);
        _cluster.Edit(run, spec => spec with { Deadlines = spec.Deadlines with { ProgressSeconds = 5000 }, Restart = spec.Restart with { Application = 9 } });
        await _cluster.SettleAsync(run);
        Assert.Equal("True", _cluster.Condition(run, ConditionType.SpecAccepted)!.Status);

        _cluster.Edit(run, spec => spec with { Deadlines = spec.Deadlines with { ProgressSeconds = 5 } });
        await _cluster.SettleAsync(run);

        Assert.Contains("spec.deadlines.progressSeconds was 900, and may only be raised", _cluster.Condition(run, ConditionType.SpecAccepted)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PausedRun_IsLeftAlone_AndSaysSo()
    {
        var paused = Given.Pretrain();
        paused.Metadata.Annotations = new Dictionary<string, string> { [Labels.Paused] = "true" };
        var run = _cluster.Apply(paused);

        await _cluster.SettleAsync(run);

        Assert.Empty(_cluster.Jobs.OnServer);
        Assert.Equal("Paused", _cluster.Condition(run, ConditionType.Stalled)!.Reason);

        var now = _cluster.PretrainRuns.OnServerAt(ObjectKey.Of(run))!;
        now.Metadata.Annotations = null;
        _cluster.PretrainRuns.Put(now);
        await _cluster.SettleAsync(run);
        Assert.Single(_cluster.Jobs.OnServer);
        Assert.Null(_cluster.Condition(run, ConditionType.Stalled));
    }

    [Fact]
    public async Task RunWhoseFrozenTasksAreGone_CannotHaveAnotherAttempt()
    {
        var run = _cluster.Apply(Given.Pretrain());
        await _cluster.SettleAsync(run);
        _cluster.ConfigMaps.Remove(ObjectKey.Of(_cluster.ConfigMaps.OnServer.Single()));
        _cluster.End(40);
        _cluster.Restart();
        await _cluster.SettleAsync(run);

        await _cluster.PassAsync(TimeSpan.FromMinutes(20), run);

        Assert.Equal("TasksLost", _cluster.Condition(run, ConditionType.Ready)!.Reason);
        Assert.Single(_cluster.Jobs.OnServer);
    }

    [Fact]
    public async Task Run_ThatContinuesAnother_StartsWhereThatOneEnded()
    {
        var ended = _cluster.Apply(Given.Pretrain("ended"));
        await _cluster.SettleAsync(ended);
        var run = _cluster.Apply(Given.Pretrain(change: spec => spec with { ResumeFrom = new() { Run = new() { Name = "ended" } } }));
        await _cluster.SettleAsync(run);
        Assert.Equal("WeightsNotReady", _cluster.Condition(run, ConditionType.WeightsReady)!.Reason);

        _cluster.End(64);
        await _cluster.SettleAsync(ended);
        await _cluster.SettleAsync(run);

        var task = Kubelet.Task(_cluster, _cluster.Job()).Task;
        Assert.Equal($"{_cluster.StatusOf(ended).ArtifactsUri}mae/checkpoints", task.PretrainStage!.Resume!.Uri);
        Assert.Equal(_cluster.StatusOf(ended).InputDigest, _cluster.StatusOf(run).InputDigest);
    }

    [Fact]
    public async Task Run_ThatContinuesOneWithOtherNumbers_IsRefused_WithTheDifference()
    {
        var ended = _cluster.Apply(Given.Pretrain("ended"));
        await _cluster.SettleAsync(ended);
        _cluster.End(64);
        await _cluster.SettleAsync(ended);
        var run = _cluster.Apply(Given.Pretrain(change: spec => spec with { Seed = 7, ResumeFrom = new() { Run = new() { Name = "ended" } } }));

        await _cluster.SettleAsync(run);

        var weights = _cluster.Condition(run, ConditionType.WeightsReady)!;
        Assert.Equal("WeightsUnfit", weights.Reason);
        Assert.Contains("seed (7 here, 123 there)", weights.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ThatContinuesOneWhoseTasksAreGone_IsTold()
    {
        var ended = await FinishedAsync("ended");
        await _cluster.PassAsync(Week, ended);
        var run = _cluster.Apply(Given.Pretrain(change: spec => spec with { ResumeFrom = new() { Run = new() { Name = "ended" } } }));

        await _cluster.SettleAsync(run);

        var weights = _cluster.Condition(run, ConditionType.WeightsReady)!;
        Assert.Equal("TasksLost", weights.Reason);
        Assert.Contains("ttlSecondsAfterFinished", weights.Message, StringComparison.Ordinal);
    }

    private async Task<PretrainRun> FinishedAsync(string name = "run")
    {
        var run = _cluster.Apply(Given.Pretrain(name));
        await _cluster.SettleAsync(run);
        _cluster.Finish();
        await _cluster.SettleAsync(run);
        Assert.Equal(StageState.Succeeded, _cluster.StatusOf(run).Stages[0].State);
        return run;
    }
}
