using Ppma.Api.Conditions;
using Ppma.Api.Runs;
using Ppma.EndToEnd.Lab;
using Ppma.Testing;

namespace Ppma.EndToEnd.Faults;

/// <summary>The node of a worker falls silent. Its containers go on, but nobody can tell.</summary>
public sealed class NodeTests(Laboratory lab) : LabTest(lab)
{
    [Fact]
    public async Task Node_SilentWhileAStageEnds_CostsTheRunNothing()
    {
        Node.Require();
        PretrainHandle run = await Space.StartSmallRunAsync();
        await run.WaitForStepAsync("mae", 12);

        await Node.StopAsync("kubelet");
        RunStatus silent;
        try
        {
            await StageHasResultAsync(run, "mae");
            silent = await run.WaitForConditionAsync("Progressing", "Unknown", nameof(Reason.WorkerUnreachable));
        }
        finally
        {
            await Node.StartAsync("kubelet");
        }

        await run.AssertEndsUndisturbedAsync(1, 1);
        Assert.Null((await run.StatusAsync()).Restarts);
        Say($"no kubelet while mae ended: {silent.Conditions.Of("Progressing")!.Message} {await run.DescribeAsync()}");
    }

    [Fact]
    public async Task Node_ThatDoesNotEndADeletedPod_IsTakenForLost_AndWhatWasFinishedIsKept()
    {
        Node.Require();
        PretrainHandle run = await Space.StartSmallRunAsync();
        WorkerPod pod = await run.WaitForStepAsync("mae", 12);

        await Node.StopAsync("kubelet");
        string told;
        try
        {
            // As the control plane deletes the pods of a node that it has not heard of for minutes.
            await Space.Kubectl.RunAsync("delete", "pod", pod.Name, "--wait=false");
            await StageHasResultAsync(run, "mae");
            told = await Eventually.Gives(() => ToldAsync(run), () => "the node is not taken for lost", TestContext.Current.CancellationToken);
        }
        finally
        {
            await Node.StartAsync("kubelet");
        }

        await run.AssertEndsUndisturbedAsync(2, 1);
        RunStatus status = await run.StatusAsync();
        Assert.Equal((0, 1), (status.Restarts!.Application, status.Restarts.Infrastructure));
        Say($"no kubelet, and its pod deleted: {told} {await run.DescribeAsync()}");
    }

    private static async Task<string?> ToldAsync(PretrainHandle run) =>
        (await run.Space.EventsOfAsync(run.Name)).FirstOrDefault(told => told.StartsWith($"{nameof(Reason.NodeLost)}: ", StringComparison.Ordinal));

    private static Task StageHasResultAsync(PretrainHandle run, string stage) => Eventually.Holds(
        async () => (await run.ReadArtifactAsync($"{stage}/result.json")).Contains("taskDigest", StringComparison.Ordinal),
        () => $"stage {stage} has no result",
        TestContext.Current.CancellationToken);
}
