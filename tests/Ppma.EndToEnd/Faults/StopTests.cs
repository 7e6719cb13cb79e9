using Ppma.Api.Conditions;
using Ppma.Api.Runs;
using Ppma.EndToEnd.Lab;
using Ppma.Testing;

namespace Ppma.EndToEnd.Faults;

/// <summary>A person stops a run whose worker is in the middle of a stage. Nobody pays for that.</summary>
public sealed class StopTests(Laboratory lab) : LabTest(lab)
{
    [Fact]
    public async Task Run_SuspendedAndResumed_GoesOnFromTheStepItWasAt()
    {
        PretrainHandle run = await Space.StartSmallRunAsync();
        await run.WaitForStepAsync("mae", 12);

        await Space.Kubectl.PatchAsync("pretrainrun", run.Name, """{"spec": {"suspend": true}}""");

        RunStatus suspended = await run.WaitForConditionAsync("Suspended", "True", nameof(Reason.Suspended));
        Assert.DoesNotContain(await run.PodsAsync(), pod => pod.IsRunning);
        Assert.Equal(StageState.Suspended, suspended.Stages[0].State);

        await Space.Kubectl.PatchAsync("pretrainrun", run.Name, """{"spec": {"suspend": false}}""");

        await run.AssertEndsUndisturbedAsync(2, 1);
        Assert.Null((await run.StatusAsync()).Restarts);
        int step = await run.StepGoneOnFromAsync("mae", attempt: 2);
        Assert.InRange(step, 12, SmallRun.Stages[0].Steps - 1);
        Say($"suspended, resumed after step {step}: {suspended.Conditions.Of("Suspended")!.Message} {await run.DescribeAsync()}");
    }

    [Fact]
    public async Task Run_Cancelled_LeavesItsCheckpointAndNoPod()
    {
        PretrainHandle run = await Space.StartSmallRunAsync();
        await run.WaitForStepAsync("mae", 12);

        await Space.Kubectl.PatchAsync("pretrainrun", run.Name, """{"spec": {"cancel": true}}""");

        RunStatus status = await run.WaitForConditionAsync("Ready", "False", nameof(Reason.Cancelled));
        await Eventually.Holds(async () => (await run.PodsAsync()).Count == 0, () => "a pod is left", TestContext.Current.CancellationToken);
        Assert.Null(status.Restarts);
        Assert.Equal(1, await run.CountJobsAsync());
        Assert.Equal("{}", (await run.ReadArtifactAsync("mae/result.json")).Trim());
        Assert.Contains("step", await run.ReadArtifactAsync("mae/checkpoints/latest.json"), StringComparison.Ordinal);
        Say($"cancelled: {status.Conditions.Of("Ready")!.Message} {await run.DescribeAsync()}");
    }
}
