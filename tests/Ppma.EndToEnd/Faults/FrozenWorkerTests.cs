using Azure.Storage.Blobs.Models;
using k8s.Models;
using Ppma.Api.Conditions;
using Ppma.Api.Tasks;
using Ppma.EndToEnd.Lab;
using Ppma.Testing;

namespace Ppma.EndToEnd.Faults;

/// <summary>An attempt that nobody counts on any more wakes up, and still believes that it is the one.</summary>
public sealed class FrozenWorkerTests(Laboratory lab) : LabTest(lab)
{
    [Fact]
    public async Task Attempt_FrozenUntilTheRunIsOver_ChangesNothingWhenItWakes()
    {
        Node.Require();
        PretrainHandle run = await Space.StartSmallRunAsync();
        WorkerPod frozen = await run.WaitForStepAsync("mae", 12);
        int process = frozen.FindProcess();
        Node.Signal(process, Signals.Stop);

        // The Job goes and leaves its pod: the one way in which an attempt is over while its process is not.
        await Space.Kubectl.RunAsync("delete", "job", frozen.Job, "--cascade=orphan");
        await run.WaitForEventAsync(nameof(Reason.DeletedByOthers));
        await run.AssertEndsUndisturbedAsync(2, 1);
        Assert.Null((await PodAsync(frozen)).End);
        IReadOnlyList<string> before = await VersionsAsync(run);

        Node.Signal(process, Signals.Continue);

        await Eventually.Holds(async () => (await PodAsync(frozen)).End is not null, () => $"pod {frozen.Name} does not end", TestContext.Current.CancellationToken);
        V1ContainerStateTerminated end = (await PodAsync(frozen)).End!;
        Assert.Equal(ExitCodes.Superseded, end.ExitCode);
        Assert.Equal(before, await VersionsAsync(run));
        await run.AssertEndsUndisturbedAsync(2, 1);
        Say($"frozen in attempt 1, awake after the run was over: exit code {end.ExitCode}, {end.Message?.Trim()}; of {before.Count} artifacts none changed. {await run.DescribeAsync()}");
    }

    private async Task<WorkerPod> PodAsync(WorkerPod pod) =>
        new(Space, await Space.Kubectl.GetAsync<V1Pod>("pod", pod.Name) ?? throw new InvalidOperationException($"Pod {pod.Name} is gone."));

    /// <summary>Every artifact of the run with its ETag.</summary>
    private static async Task<IReadOnlyList<string>> VersionsAsync(PretrainHandle run)
    {
        var versions = new List<string>();
        await foreach (BlobItem blob in run.Space.Lab.Blobs.Azurite.Service.GetBlobContainerClient(BlobStore.Artifacts)
            .GetBlobsAsync(BlobTraits.None, BlobStates.None, $"{run.Space.Name}/{run.Name}/", TestContext.Current.CancellationToken))
        {
            versions.Add($"{blob.Name} {blob.Properties.ETag}");
        }

        return versions;
    }
}
