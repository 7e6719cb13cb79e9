using Ppma.Api.Conditions;
using Ppma.Api.Evaluation;
using Ppma.Api.Runs;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Tests.Runs;

/// <summary>Runs from their creation to their end.</summary>
public sealed class RunFlowTests
{
    private readonly FakeCluster _cluster = new();

    public RunFlowTests() => _cluster.Datasets.Put(Given.Dataset());

    [Fact]
    public async Task FreshRun_WithItsPrerequisites_TakesFourRequests()
    {
        var run = _cluster.Apply(Given.Pretrain());

        await _cluster.SettleAsync(run);

        // The fourth is the event, which tells of both.
        Assert.Equal(["POST ConfigMap", "POST Job", "PUT PretrainRun"], _cluster.Api.Requests.Select(request => string.Join(' ', request.Split(' ')[..2])));
        Assert.Equal(["Admitted", "JobCreated"], _cluster.Events.Select(one => one.Reason));
    }

    [Fact]
    public async Task FreshRun_OnceStarted_IsDescribedByItsStatus()
    {
        var run = _cluster.Apply(Given.Pretrain());

        await _cluster.SettleAsync(run);

        var status = _cluster.StatusOf(run);
        var map = Assert.Single(_cluster.ConfigMaps.OnServer);
        Assert.True(map.Immutable);
        Assert.Equal(["mae.json", "run.json"], map.Data.Keys.Order());
        Assert.Equal(1, status.ObservedGeneration);
        Assert.Equal($"https://acme.blob.core.windows.net/runs/demo/run/{run.Metadata.Uid[..8]}/", status.ArtifactsUri);
        Assert.Equal(PrivacyDecision.Passed, status.Privacy!.Decision);
        var stage = Assert.Single(status.Stages);
        Assert.Equal((StageState.Starting, 1, _cluster.Job().Metadata.Name, _cluster.Job().Metadata.Uid), (stage.State, stage.Attempt, stage.JobRef!.Name, stage.JobUid));
        Assert.Equal((status.TaskDigest, status.InputDigest), (stage.TaskDigest, stage.InputDigest));
        Assert.Equal(
            ["Ready=Unknown", "Reconciling=True", "SpecAccepted=True", "DatasetsReady=True", "WeightsReady=True", "PrivacyGatePassed=True", "Admitted=True", "Scheduled=False", "Progressing=False"],
            status.Conditions.Select(condition => $"{condition.Type}={condition.Status}"));
    }

    [Fact]
    public async Task Run_WhenNothingChanged_MakesNoRequest()
    {
        var run = _cluster.Apply(Given.Pretrain());
        await _cluster.SettleAsync(run);
        _cluster.Run();
        await _cluster.SettleAsync(run);
        var before = _cluster.Api.Calls;

        await _cluster.SettleAsync(run);
        _cluster.Restart();
        await _cluster.SettleAsync(run);

        Assert.Equal(before, _cluster.Api.Calls);
    }

    [Fact]
    public async Task Run_OfTwoStages_GoesFromOneToTheNext_AndSucceeds()
    {
        var run = _cluster.Apply(Given.Pretrain(stages: 2));
        await _cluster.SettleAsync(run);
        _cluster.Run();
        await _cluster.SettleAsync(run);
        Assert.Equal(StageState.Running, _cluster.StatusOf(run).Stages[0].State);

        _cluster.Finish();
        await _cluster.SettleAsync(run);
        Assert.Equal([StageState.Succeeded, StageState.Starting], _cluster.StatusOf(run).Stages.Select(stage => stage.State));

        _cluster.Finish();
        await _cluster.SettleAsync(run);

        var status = _cluster.StatusOf(run);
        Assert.Equal(("True", "Completed"), (_cluster.Condition(run, ConditionType.Ready)!.Status, _cluster.Condition(run, ConditionType.Ready)!.Reason));
        Assert.NotNull(status.CompletionTime);
        Assert.Equal(
            ["Ready", "SpecAccepted", "DatasetsReady", "WeightsReady", "PrivacyGatePassed", "Admitted", "Succeeded"],
            status.Conditions.Select(condition => condition.Type));
        Assert.Equal(2, _cluster.Jobs.OnServer.Count);
    }

    [Fact]
    public async Task Stage_ThatEnded_RecordsWhatOthersStartFrom()
    {
        var run = _cluster.Apply(Given.Pretrain());
        await _cluster.SettleAsync(run);

        _cluster.Finish();
        await _cluster.SettleAsync(run);

        var stage = Assert.Single(_cluster.StatusOf(run).Stages);
        Assert.Equal((100L, "mae/checkpoints/step-00000100", new string('c', 64)), (stage.Checkpoint!.Step, stage.Checkpoint.Path, stage.Checkpoint.Digest));
        Assert.Equal(80, stage.Best!.Step);
        Assert.Equal([50L], stage.Kept!.Select(kept => kept.Step));
        Assert.Equal(100, stage.Progress!.Percent);
    }

    [Fact]
    public async Task EvalRun_WaitsForItsWeights_AndRecordsItsResult()
    {
        var trial = _cluster.Apply(Given.Eval());
        await _cluster.SettleAsync(trial);
        Assert.Equal("WeightsMissing", _cluster.Condition(trial, ConditionType.WeightsReady)!.Reason);

        var run = _cluster.Apply(Given.Pretrain());
        await _cluster.SettleAsync(run);
        await _cluster.SettleAsync(trial);
        Assert.Equal("WeightsNotReady", _cluster.Condition(trial, ConditionType.WeightsReady)!.Reason);
        Assert.Contains("\"run\"", _cluster.Condition(trial, ConditionType.WeightsReady)!.Message, StringComparison.Ordinal);

        _cluster.Finish();
        await _cluster.SettleAsync(run);
        await _cluster.SettleAsync(trial);
        Assert.Equal("evaluate", _cluster.Job().Metadata.Labels[Labels.Stage]);
        _cluster.Finish();
        await _cluster.SettleAsync(trial);

        var status = Assert.IsType<EvalRunStatus>(_cluster.StatusOf(trial));
        Assert.Equal((0.5, 10L), (status.Result!.Top1, status.Result.Samples));
        Assert.Equal($"{status.ArtifactsUri}curve.jsonl", status.Result.CurvesUri);
        Assert.Null(status.Privacy);
        Assert.Equal("True", _cluster.Condition(trial, ConditionType.Succeeded)!.Status);
    }

    [Fact]
    public async Task Result_ThatCameWhileTheOperatorWasDown_IsTaken()
    {
        var run = _cluster.Apply(Given.Pretrain());
        await _cluster.SettleAsync(run);
        _cluster.Finish();
        _cluster.Time.Advance(TimeSpan.FromHours(5));

        _cluster.Restart();
        await _cluster.SettleAsync(run);

        Assert.Equal("Completed", _cluster.Condition(run, ConditionType.Ready)!.Reason);
        Assert.Equal(["Admitted", "JobCreated", "StageCompleted", "Completed"], _cluster.Events.Select(one => one.Reason));
    }

    [Fact]
    public async Task Result_WithItsRecord_IsFoundByTheStatus()
    {
        var run = _cluster.Apply(Given.Pretrain());
        await _cluster.SettleAsync(run);

        _cluster.Finish();
        await _cluster.SettleAsync(run);

        var status = _cluster.StatusOf(run);
        Assert.Equal(new RecordReference { Uri = $"{status.ArtifactsUri}mae/record.json", Digest = new string('7', 64) }, status.Record);
    }

    [Fact]
    public async Task Result_OfAnotherTask_IsNotTrusted()
    {
        var run = _cluster.Apply(Given.Pretrain());
        await _cluster.SettleAsync(run);

        _cluster.Finish(taskDigest: new string('9', 64));
        await _cluster.SettleAsync(run);

        var stage = Assert.Single(_cluster.StatusOf(run).Stages);
        Assert.Equal(StageState.BackingOff, stage.State);
        Assert.Equal(1, _cluster.StatusOf(run).Restarts!.Application);
        Assert.Contains("another task", _cluster.Condition(run, ConditionType.Progressing)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_InAQueue_SaysSo_AndHasAllTheTimeInTheWorld()
    {
        var run = _cluster.Apply(Given.Pretrain(change: spec => spec with { Compute = spec.Compute with { QueueName = "gpus" } }));
        await _cluster.SettleAsync(run);
        Assert.True(_cluster.Job().Spec.Suspend);

        await _cluster.PassAsync(TimeSpan.FromDays(3), run);

        Assert.Equal(("False", "WaitingForQuota"), (_cluster.Condition(run, ConditionType.Scheduled)!.Status, _cluster.Condition(run, ConditionType.Scheduled)!.Reason));
        Assert.Equal(1, Assert.Single(_cluster.StatusOf(run).Stages).Attempt);
        Assert.Null(_cluster.StatusOf(run).Restarts);
    }

    [Fact]
    public async Task Run_ThatIsOver_KeepsTheJobThatIsNotMarkedDoneYet()
    {
        var run = _cluster.Apply(Given.Pretrain());
        await _cluster.SettleAsync(run);
        _cluster.Finish();
        var job = _cluster.Job();
        job.Status = new();
        _cluster.Jobs.Put(job);

        await _cluster.SettleAsync(run);

        Assert.Equal("True", _cluster.Condition(run, ConditionType.Succeeded)!.Status);
        Assert.DoesNotContain(_cluster.Api.Requests, request => request.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Attempt_ThatEndedBeforeAnyStatusTellsOfIt_IsNotRepeated()
    {
        var run = _cluster.Apply(Given.Pretrain());
        await _cluster.SettleAsync(run);
        _cluster.Finish();
        var stored = _cluster.PretrainRuns.OnServer.Single();
        stored.Status = new();
        _cluster.PretrainRuns.Put(stored);
        _cluster.Time.Advance(TimeSpan.FromMinutes(1));

        _cluster.Restart();
        await _cluster.SettleAsync(run);

        Assert.Equal("True", _cluster.Condition(run, ConditionType.Succeeded)!.Status);
        Assert.Single(_cluster.Jobs.OnServer);
    }
}
