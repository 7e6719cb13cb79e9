using System.Text.Json;
using Ppma.Api.Runs;
using Ppma.EndToEnd.Lab;

namespace Ppma.EndToEnd.Placement;

/// <summary>
/// How runs get GPUs from the scheduler. The node has none; it is made to say that it has, as a device plugin would, so that everything but the
/// computing is real.
/// </summary>
public sealed class GpuTests(Laboratory lab) : LabTest(lab)
{
    private const string Gpu = "nvidia.com/gpu";
    private const string Slice = "nvidia.com/mig-3g.40gb";

    [Fact]
    public async Task Run_ThatAsksForAGpuWhileAnotherHasIt_WaitsAndSaysWhyThenGetsIt()
    {
        await using Advertisement gpus = await Advertisement.MakeAsync(Lab.Kubectl, Gpu, 1);
        await HoldAsync(Gpu);
        PretrainHandle run = await Space.StartSmallRunAsync(manifests => WithGpu(manifests, Gpu));

        RunStatus waiting = await run.WaitForConditionAsync("Scheduled", "False", "Unschedulable");
        string message = waiting.Conditions.Of("Scheduled")!.Message;
        Assert.Contains(Gpu, message, StringComparison.Ordinal);
        Say(message);

        await Space.Kubectl.RunAsync("delete", "pod", "holder", "--now");
        await run.WaitForConditionAsync("Scheduled", "True");
        WorkerPod pod = Assert.Single(await run.PodsAsync());
        Assert.Equal("1", Limit(pod, Gpu));
        Assert.NotNull(pod.Pod.Spec.NodeName);
    }

    [Fact]
    public async Task Run_ThatAsksForASliceOfAGpu_GetsIt()
    {
        await using Advertisement slices = await Advertisement.MakeAsync(Lab.Kubectl, Slice, 1);
        PretrainHandle run = await Space.StartSmallRunAsync(manifests => WithGpu(manifests, Slice));

        await run.WaitForConditionAsync("Scheduled", "True");
        WorkerPod pod = Assert.Single(await run.PodsAsync());
        Assert.Equal("1", Limit(pod, Slice));
        Say($"{pod.Name} is on {pod.Pod.Spec.NodeName} with 1 {Slice}");
    }

    [Fact]
    public async Task Run_ThatAsksForAGpuWhereNoneIs_SaysSo()
    {
        PretrainHandle run = await Space.StartSmallRunAsync(manifests => WithGpu(manifests, Gpu));

        RunStatus status = await run.WaitForConditionAsync("Scheduled", "False", "Unschedulable");
        Assert.Contains($"Insufficient {Gpu}", status.Conditions.Of("Ready")!.Message, StringComparison.Ordinal);
        Say(status.Conditions.Of("Ready")!.Message);
    }

    private static string WithGpu(string manifests, string resource) =>
        manifests.Replace("    threads: 1\n", $"    threads: 1\n    gpusPerWorker: 1\n    gpuResourceName: {resource}\n", StringComparison.Ordinal);

    private static string? Limit(WorkerPod pod, string resource) =>
        pod.Pod.Spec.Containers.Single(container => container.Name == "worker").Resources.Limits[resource].ToString();

    /// <summary>Somebody else's pod takes the one that there is.</summary>
    private async Task HoldAsync(string resource)
    {
        await Space.ApplyAsync(JsonSerializer.Serialize(new
        {
            apiVersion = "v1",
            kind = "Pod",
            metadata = new { name = "holder" },
            spec = new
            {
                terminationGracePeriodSeconds = 0,
                containers = new[]
                {
                    new
                    {
                        name = "holder",
                        image = "docker.io/ppma-cloud/worker:dev",
                        imagePullPolicy = "IfNotPresent",
                        command = new[] { "sleep", "3600" },
                        resources = new { limits = new Dictionary<string, string> { [resource] = "1" } },
                    },
                },
            },
        }));
        await Space.WaitAsync("pod/holder");
    }
}
