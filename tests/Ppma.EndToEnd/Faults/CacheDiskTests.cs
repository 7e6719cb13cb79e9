using System.Text.Json;
using Ppma.Api.Conditions;
using Ppma.Api.Runs;
using Ppma.EndToEnd.Lab;

namespace Ppma.EndToEnd.Faults;

/// <summary>The disk that shards are cached on fills up.</summary>
public sealed class CacheDiskTests(Laboratory lab) : LabTest(lab)
{
    private const long DiskBytes = 128 << 20;

    [Fact]
    public async Task CacheDisk_FilledByOthers_IsNamed_AndTheRunGoesOnWhenThereIsRoomAgain()
    {
        Node.Require();
        string disk = Path.Combine(Node.Folder!, "disks", Space.Name), filler = Path.Combine(disk, "of-somebody-else");
        Directory.CreateDirectory(disk);
        await Shell.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={DiskBytes},mode=0777", "tmpfs", disk], cancellationToken: TestContext.Current.CancellationToken);
        try
        {
            await Space.ApplyAsync(VolumeOn(disk));
            PretrainHandle run = await Space.StartSmallRunAsync(manifests => WithCache(manifests, "$retainKeys: [name, persistentVolumeClaim], persistentVolumeClaim: {claimName: shards}")
                .Replace("backoffSeconds: 1, maxBackoffSeconds: 2", "backoffSeconds: 5, maxBackoffSeconds: 5", StringComparison.Ordinal));
            await run.WaitForStepAsync("mae", 20);

            // The shards of this stage are there by now, those of the next are not.
            PodControl.Fill(filler, new DriveInfo(disk).AvailableFreeSpace - (1 << 20));
            string told = await run.WaitForEventAsync(nameof(Reason.StorageOrNetwork));
            File.Delete(filler);

            Assert.Contains("Free space on the disk", told, StringComparison.Ordinal);
            await run.AssertEndsUndisturbedAsync(1, 2);
            RunStatus status = await run.StatusAsync();
            Assert.Equal((0, 1, 40), (status.Restarts!.Application, status.Restarts.Infrastructure, status.Restarts.Last!.ExitCode));
            Say($"cache volume filled by another: {told} {await run.DescribeAsync()}");
        }
        finally
        {
            await Lab.CloseAsync(Space);
            await Lab.Kubectl.TryAsync("delete", "persistentvolume", Space.Name, "--wait=false");
            await Shell.TryAsync("umount", [disk], cancellationToken: CancellationToken.None);
        }
    }

    [Fact]
    public async Task Cache_OverItsSizeLimit_IsPaidByTheApplication()
    {
        Node.Require();
        PretrainHandle run = await Space.StartSmallRunAsync(manifests => WithCache(manifests, "emptyDir: {sizeLimit: 64Mi}"));
        WorkerPod pod = await run.WaitForStepAsync("mae", 12);

        PodControl.Fill(Path.Combine(pod.EmptyDir("cache"), "too-much"), DiskBytes);

        // The kubelet measures once a minute; until then the run would be over.
        pod.Signal(Signals.Stop);
        string told = await run.WaitForEventAsync(nameof(Reason.OutOfStorage));
        Assert.Contains("exceeds the limit", told, StringComparison.Ordinal);
        await run.AssertEndsUndisturbedAsync(2, 1);
        RunStatus status = await run.StatusAsync();
        Assert.Equal((1, 0), (status.Restarts!.Application, status.Restarts.Infrastructure));
        Say($"cache over its emptyDir's limit: {told} {await run.DescribeAsync()}");
    }

    private static string WithCache(string manifests, string volume)
    {
        const string Threads = "    threads: 1\n";
        Assert.Contains(Threads, manifests, StringComparison.Ordinal);
        return manifests.Replace(Threads, $"{Threads}    podTemplateOverrides: {{spec: {{volumes: [{{name: cache, {volume}}}]}}}}\n", StringComparison.Ordinal);
    }

    private string VolumeOn(string disk) => JsonSerializer.Serialize(new
    {
        apiVersion = "v1",
        kind = "List",
        items = new object[]
        {
            new
            {
                apiVersion = "v1",
                kind = "PersistentVolume",
                metadata = new { name = Space.Name },
                spec = new
                {
                    capacity = new { storage = "128Mi" },
                    accessModes = new[] { "ReadWriteOnce" },
                    persistentVolumeReclaimPolicy = "Retain",
                    storageClassName = "",
                    claimRef = new { name = "shards", @namespace = Space.Name },
                    hostPath = new { path = disk },
                },
            },
            new
            {
                apiVersion = "v1",
                kind = "PersistentVolumeClaim",
                metadata = new { name = "shards", @namespace = Space.Name },
                spec = new
                {
                    accessModes = new[] { "ReadWriteOnce" },
                    storageClassName = "",
                    volumeName = Space.Name,
                    resources = new { requests = new { storage = "128Mi" } },
                },
            },
        },
    });
}
