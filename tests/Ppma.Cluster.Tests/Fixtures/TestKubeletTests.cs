using k8s;
using k8s.Models;
using Ppma.Testing;
using Ppma.Testing.Kubernetes;

namespace Ppma.Cluster.Tests.Fixtures;

public sealed class TestKubeletTests(KubernetesFixture fixture)
{
    [Fact]
    public async Task Job_WhosePodEndsWithZero_Completes()
    {
        (KubernetesServer server, string space, TestKubelet kubelet, V1Pod pod) = await PodOfAJobAsync();
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;

        await kubelet.WaitAsync(pod, cancellationToken: cancellationToken);
        await kubelet.StartAsync(pod, cancellationToken);
        V1Pod running = await server.Client.CoreV1.ReadNamespacedPodAsync(pod.Name(), space, cancellationToken: cancellationToken);
        await kubelet.EndAsync(pod, ContainerEnd.Done("""{"top1":0.5}"""), cancellationToken);

        Assert.Equal(("Running", "127.0.0.1", TestKubelet.NodeName), (running.Status.Phase, running.Status.PodIP, running.Spec.NodeName));
        await JobHasAsync("Complete", server, space);
        V1Pod ended = await server.Client.CoreV1.ReadNamespacedPodAsync(pod.Name(), space, cancellationToken: cancellationToken);
        Assert.Equal("""{"top1":0.5}""", ended.Status.ContainerStatuses[0].State.Terminated.Message);
    }

    [Fact]
    public async Task Job_WhosePodIsPreempted_Fails()
    {
        (KubernetesServer server, string space, TestKubelet kubelet, V1Pod pod) = await PodOfAJobAsync();
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;

        await kubelet.StartAsync(pod, cancellationToken);
        await kubelet.EndAsync(pod, ContainerEnd.Preempted, cancellationToken);

        await JobHasAsync("Failed", server, space);
        V1Pod ended = await server.Client.CoreV1.ReadNamespacedPodAsync(pod.Name(), space, cancellationToken: cancellationToken);
        Assert.Contains(ended.Status.Conditions, condition => condition is { Type: "DisruptionTarget", Reason: "PreemptionByScheduler" });
        Assert.Equal(143, ended.Status.ContainerStatuses[0].State.Terminated.ExitCode);
    }

    [Fact]
    public async Task Pod_OfADeletedJob_GoesWithIt()
    {
        (KubernetesServer server, string space, TestKubelet kubelet, V1Pod pod) = await PodOfAJobAsync();
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task kubeletRuns = kubelet.RunAsync(_ => Task.FromResult<ContainerEnd?>(null), stop.Token);
        await Eventually.Holds(
            async () => (await server.Client.CoreV1.ReadNamespacedPodAsync(pod.Name(), space, cancellationToken: cancellationToken)).Status.Phase == "Running", cancellationToken);

        await server.Client.BatchV1.DeleteNamespacedJobAsync("job", space, propagationPolicy: "Foreground", cancellationToken: cancellationToken);

        await Eventually.Holds(
            async () => (await server.Client.CoreV1.ListNamespacedPodAsync(space, cancellationToken: cancellationToken)).Items.Count == 0
                && (await server.Client.BatchV1.ListNamespacedJobAsync(space, cancellationToken: cancellationToken)).Items.Count == 0,
            cancellationToken);
        await stop.CancelAsync();
        await kubeletRuns;
    }

    private async Task<(KubernetesServer Server, string Space, TestKubelet Kubelet, V1Pod Pod)> PodOfAJobAsync()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        KubernetesServer server = await fixture.GetServerAsync();
        string space = await server.CreateNamespaceAsync("kubelet", cancellationToken);
        var template = new V1PodTemplateSpec
        {
            Spec = new V1PodSpec
            {
                RestartPolicy = "Never",
                AutomountServiceAccountToken = false,
                Containers = [new V1Container { Name = "main", Image = "example.test/worker" }],
            },
        };
        var job = new V1Job { Metadata = new V1ObjectMeta { Name = "job" }, Spec = new V1JobSpec { BackoffLimit = 0, Template = template } };
        await server.Client.BatchV1.CreateNamespacedJobAsync(job, space, cancellationToken: cancellationToken);
        var kubelet = new TestKubelet(server.Client, space);
        return (server, space, kubelet, await kubelet.PodOfAsync("job", cancellationToken));
    }

    private static Task JobHasAsync(string condition, KubernetesServer server, string space) => Eventually.Holds(
        async () => (await server.Client.BatchV1.ReadNamespacedJobAsync("job", space, cancellationToken: TestContext.Current.CancellationToken)).Status.Conditions?
            .Any(entry => entry.Type == condition && entry.Status == "True") == true,
        () => $"the Job is not {condition}",
        TestContext.Current.CancellationToken);
}
