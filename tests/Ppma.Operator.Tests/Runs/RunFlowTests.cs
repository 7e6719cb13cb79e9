using Ppma.Api.Conditions;
using Ppma.Api.Runs;

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

        Assert.Equal(["POST ConfigMap", "POST Job", "PUT PretrainRun"], _cluster.Api.Requests.Select(request => string.Join(' ', request.Split(' ')[..2])));
        Assert.Equal(["Admitted", "JobCreated"], _cluster.Events.Select(one => one.Reason));
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
        Assert.Null(status.Conditions.Find(ConditionType.Reconciling));
        Assert.Equal(2, _cluster.Jobs.OnServer.Count);
    }
}
