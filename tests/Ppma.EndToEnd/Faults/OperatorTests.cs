using System.Diagnostics;
using k8s.Models;
using Ppma.Api.Runs;
using Ppma.EndToEnd.Lab;
using Ppma.Testing;

namespace Ppma.EndToEnd.Faults;

/// <summary>The operator goes, or becomes another, while its runs go on.</summary>
public sealed class OperatorTests(Laboratory lab) : LabTest(lab)
{
    [Fact, Trait("Smoke", "")]
    public async Task Operator_GoneWhileAPodFinishes_FindsTheResultAfterwards()
    {
        PretrainHandle run = await Space.StartSmallRunAsync();
        WorkerPod pod = await run.WaitForStepAsync("mae", 5);
        await Lab.Chart.ScaleAsync(0);
        StageStatus left;
        var back = Stopwatch.StartNew();
        try
        {
            await Eventually.Holds(
                async () => (await run.PodsAsync("mae")).Single(now => now.Uid == pod.Uid).End is not null, () => $"pod {pod.Name} does not end", Cancellation);
            left = (await run.StatusAsync()).Stages[0];
        }
        finally
        {
            back.Restart();
            await Lab.Chart.ScaleAsync(2);
        }

        await run.WaitForAsync(status => status.Stages[0].State == StageState.Succeeded, "over its first stage", timeoutSeconds: 600);
        TimeSpan found = back.Elapsed;
        Assert.NotEqual(StageState.Succeeded, left.State);
        await run.AssertEndsUndisturbedAsync(1, 1);
        Say($"no operator while the pod of mae ended; its result was in the status {found.TotalSeconds:0.0} s after two were asked for; {await run.DescribeAsync()}");
    }

    [Fact]
    public async Task Operator_UpgradedUnderARun_ChangesNothingOfIt()
    {
        PretrainHandle run = await Space.StartSmallRunAsync();
        await run.WaitForStepAsync("mae", 5);
        IReadOnlyList<V1Pod> before = await Lab.Chart.PodsAsync();
        string tasks = await TasksAsync();

        // Another image for workers, which nobody could pull, and another setting: new pods of the operator, and nothing new for this run.
        await Lab.Chart.UpgradeAsync("worker.image.tag=of-the-next-version", "operator.progressIntervalSeconds=5");
        try
        {
            await run.WaitUntilReadyAsync(timeoutSeconds: 600);
        }
        finally
        {
            await Lab.Chart.UpgradeAsync();
        }

        Assert.Empty((await Lab.Chart.PodsAsync()).Select(pod => pod.Metadata.Uid).Intersect(before.Select(pod => pod.Metadata.Uid)));
        Assert.Equal(tasks, await TasksAsync());
        Assert.Single((await run.PodsAsync()).Select(pod => pod.Pod.Spec.Containers.Single(container => container.Name == "worker").Image).Distinct());
        await run.AssertEndsUndisturbedAsync(1, 1);
        Say($"helm upgrade to another worker image and setting in the middle of mae: frozen tasks, image and Jobs as they were; {await run.DescribeAsync()}");

        async Task<string> TasksAsync() =>
            await Space.Kubectl.RunAsync("get", "configmaps", "--selector", "ppma.cloud/kind=PretrainRun", "--output", "jsonpath={.items[*].metadata.uid} {.items[*].metadata.resourceVersion} {.items[*].data}");
    }
}
