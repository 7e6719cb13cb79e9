using System.Net;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Ppma.Testing.Kubernetes;

/// <summary>
/// Scheduler and kubelet of a server without nodes: says of the pods of one namespace what a kubelet would, when a test tells it to, or
/// by itself (<see cref="RunAsync"/>). Nothing runs. All pods are on one node, and have the address 127.0.0.1.
/// </summary>
public sealed class TestKubelet(IKubernetes client, string @namespace)
{
    public const string NodeName = "test-node";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>The first pod of a Job, once its controller has made it.</summary>
    public Task<V1Pod> PodOfAsync(string job, CancellationToken cancellationToken = default) => Eventually.Gives(
        async () => (await client.CoreV1.ListNamespacedPodAsync(@namespace, labelSelector: $"job-name={job}", cancellationToken: cancellationToken)).Items.FirstOrDefault(),
        () => $"Job {@namespace}/{job} has no pod",
        cancellationToken);

    /// <summary>No node fits: PodScheduled=False, Unschedulable, with the scheduler's message.</summary>
    public Task RefuseAsync(V1Pod pod, string message, CancellationToken cancellationToken = default) =>
        SetStatusAsync(pod, new { phase = "Pending", conditions = new[] { Condition("PodScheduled", "False", "Unschedulable", message) } }, cancellationToken);

    /// <summary>Puts it on the node; a pod that is there stays.</summary>
    public async Task BindAsync(V1Pod pod, CancellationToken cancellationToken = default)
    {
        if (pod.Spec.NodeName is not null)
        {
            return;
        }

        try
        {
            // The typed client would read the answer, a Status, as a Binding.
            using HttpOperationResponse<V1Binding> _ = await client.CoreV1.CreateNamespacedPodBindingWithHttpMessagesAsync(
                new V1Binding { Metadata = new V1ObjectMeta { Name = pod.Name() }, Target = new V1ObjectReference { Kind = "Node", Name = NodeName } },
                pod.Name(), @namespace, cancellationToken: cancellationToken);
        }
        catch (HttpOperationException conflict) when (conflict.Response.StatusCode == HttpStatusCode.Conflict)
        {
            // Bound before.
        }
    }

    /// <summary>Bound, its container waiting: ContainerCreating, ImagePullBackOff, CreateContainerConfigError, …</summary>
    public async Task WaitAsync(V1Pod pod, string reason = "ContainerCreating", string message = "", CancellationToken cancellationToken = default)
    {
        await BindAsync(pod, cancellationToken);
        await SetStatusAsync(pod, new { phase = "Pending", conditions = Conditions(ready: false), containerStatuses = new[] { Container(pod, new { waiting = new { reason, message } }) } }, cancellationToken);
    }

    /// <summary>Bound and running since now.</summary>
    public async Task StartAsync(V1Pod pod, CancellationToken cancellationToken = default)
    {
        await BindAsync(pod, cancellationToken);
        string now = Now();
        await SetStatusAsync(
            pod,
            new
            {
                phase = "Running",
                startTime = now,
                hostIP = "127.0.0.1",
                podIP = "127.0.0.1",
                podIPs = new[] { new { ip = "127.0.0.1" } },
                conditions = Conditions(ready: true),
                containerStatuses = new[] { Container(pod, new { running = new { startedAt = now } }, ready: true) },
            },
            cancellationToken);
    }

    /// <summary>Its container has ended, and so the pod: they are not restarted.</summary>
    public async Task EndAsync(V1Pod pod, ContainerEnd end, CancellationToken cancellationToken = default)
    {
        V1Pod current = await client.CoreV1.ReadNamespacedPodAsync(pod.Name(), @namespace, cancellationToken: cancellationToken);
        string now = Now();
        string started = current.Status.ContainerStatuses?.FirstOrDefault()?.State?.Running?.StartedAt is { } at ? Text(at) : now;
        object terminated = new
        {
            exitCode = end.ExitCode,
            reason = end.Reason ?? (end.ExitCode == 0 ? "Completed" : "Error"),
            message = end.Message.Length > 0 ? end.Message : null,
            startedAt = started,
            finishedAt = now,
            containerID = "test://" + current.Uid(),
        };
        object[] conditions = [.. Conditions(ready: false), .. end.Disruption is null ? [] : new[] { Condition("DisruptionTarget", "True", end.Disruption, "ended by Kubernetes") }];
        await SetStatusAsync(
            current,
            new { phase = end.ExitCode == 0 ? "Succeeded" : "Failed", conditions, containerStatuses = new[] { Container(current, new { terminated }) } },
            cancellationToken);
    }

    /// <summary>Its node does not answer any more: what the node lifecycle controller says then. The container's last state stays.</summary>
    public Task LoseNodeAsync(V1Pod pod, CancellationToken cancellationToken = default) => SetStatusAsync(
        pod,
        new { reason = "NodeLost", message = $"Node {NodeName} which was running pod {pod.Name()} is unresponsive", conditions = new[] { Condition("Ready", "False", "NodeNotReady", "") } },
        cancellationToken);

    /// <summary>Ends a graceful deletion: the kubelet's last word on a pod.</summary>
    public async Task RemoveAsync(V1Pod pod, CancellationToken cancellationToken = default)
    {
        try
        {
            await client.CoreV1.DeleteNamespacedPodAsync(
                pod.Name(), @namespace, new V1DeleteOptions { GracePeriodSeconds = 0, Preconditions = new V1Preconditions { Uid = pod.Uid() } }, cancellationToken: cancellationToken);
        }
        catch (HttpOperationException gone) when (gone.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // Gone already, perhaps with another of its name in its place.
        }
    }

    /// <summary>
    /// Until cancelled: starts every pod, and ends it as the script says as soon as that gives an end (null leaves it running); a pod
    /// that is asked to go ends with 143 and goes.
    /// </summary>
    public async Task RunAsync(Func<V1Pod, Task<ContainerEnd?>> script, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                V1PodList pods = await client.CoreV1.ListNamespacedPodAsync(@namespace, cancellationToken: cancellationToken);
                foreach (V1Pod pod in pods.Items)
                {
                    await StepAsync(pod, script, cancellationToken);
                }

                await Task.Delay(Interval, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    private async Task StepAsync(V1Pod pod, Func<V1Pod, Task<ContainerEnd?>> script, CancellationToken cancellationToken)
    {
        bool ended = pod.Status.Phase is "Succeeded" or "Failed";
        try
        {
            if (pod.DeletionTimestamp() is not null)
            {
                if (!ended)
                {
                    await EndAsync(pod, new ContainerEnd(143), cancellationToken);
                }

                await RemoveAsync(pod, cancellationToken);
            }
            else if (pod.Status.Phase == "Pending")
            {
                await StartAsync(pod, cancellationToken);
            }
            else if (!ended && await script(pod) is { } end)
            {
                await EndAsync(pod, end, cancellationToken);
            }
        }
        catch (HttpOperationException gone) when (gone.Response.StatusCode == HttpStatusCode.NotFound)
        {
            // Deleted meanwhile.
        }
    }

    private async Task SetStatusAsync(V1Pod pod, object status, CancellationToken cancellationToken)
    {
        var patch = new V1Patch(JsonSerializer.Serialize(new { status }), V1Patch.PatchType.MergePatch);
        await client.CoreV1.PatchNamespacedPodStatusAsync(patch, pod.Name(), @namespace, cancellationToken: cancellationToken);
    }

    private static object Container(V1Pod pod, object state, bool ready = false)
    {
        V1Container container = pod.Spec.Containers[0];
        return new { name = container.Name, image = container.Image, imageID = "", ready, restartCount = 0, started = ready, state };
    }

    private static object[] Conditions(bool ready) =>
    [
        Condition("PodScheduled", "True", "", ""),
        Condition("Initialized", "True", "", ""),
        Condition("Ready", ready ? "True" : "False", "", ""),
    ];

    private static object Condition(string type, string status, string reason, string message) =>
        new { type, status, reason, message, lastTransitionTime = Now() };

    private static string Now() => Text(TimeProvider.System.GetUtcNow().UtcDateTime);

    private static string Text(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
