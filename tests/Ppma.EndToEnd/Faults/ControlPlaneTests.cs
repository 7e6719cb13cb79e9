using Ppma.EndToEnd.Lab;
using Ppma.Testing;

namespace Ppma.EndToEnd.Faults;

/// <summary>What the operator and the node speak to goes away under a run.</summary>
public sealed class ControlPlaneTests(Laboratory lab) : LabTest(lab)
{
    /// <summary>Longer than a leader goes on without its Lease (10 s).</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task ApiServer_GoneForAWhile_CostsTheRunNothing()
    {
        Node.Require();
        PretrainHandle run = await Space.StartSmallRunAsync();
        await run.WaitForStepAsync("mae", 5);

        await Node.StopAsync("kube-apiserver");
        await Task.Delay(Outage, Cancellation);
        await Node.StartAsync("kube-apiserver");

        await EndsAsItBeganAsync(run, $"no API server for {Outage.TotalSeconds} s in the middle of mae");
    }

    [Fact]
    public async Task Etcd_StartedAgain_CostsTheRunNothing()
    {
        Node.Require();
        PretrainHandle run = await Space.StartSmallRunAsync();
        await run.WaitForStepAsync("mae", 5);

        await Node.StopAsync("etcd");
        await Task.Delay(Outage, Cancellation);
        await Node.StartAsync("etcd");

        await EndsAsItBeganAsync(run, $"no etcd for {Outage.TotalSeconds} s in the middle of mae");
    }

    private async Task EndsAsItBeganAsync(PretrainHandle run, string what)
    {
        await Eventually.Holds(AnswersAsync, Cancellation);
        await run.AssertEndsUndisturbedAsync(1, 1);
        await Lab.Chart.WaitUntilReadyAsync();
        int restarts = (await Lab.Chart.PodsAsync()).Sum(pod => pod.Status.ContainerStatuses.Sum(container => container.RestartCount));
        Say($"{what}: {await run.DescribeAsync()}; the operator's containers were started again {restarts} times in all");
    }

    private async Task<bool> AnswersAsync() => (await Lab.Kubectl.TryAsync("get", "--raw", "/readyz")).Code == 0;
}
