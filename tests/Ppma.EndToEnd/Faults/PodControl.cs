using Ppma.EndToEnd.Lab;

namespace Ppma.EndToEnd.Faults;

/// <summary>What a node can do to a pod on it. Needs <see cref="Node.Require"/>.</summary>
internal static class PodControl
{
    /// <summary>Lowers the memory limit of the worker's container to what it uses, until the kernel has ended the worker.</summary>
    public static async Task SqueezeMemoryAsync(this WorkerPod pod, CancellationToken cancellationToken)
    {
        int process = pod.FindProcess();
        (string used, string limit) = MemoryFiles(process);
        while (Directory.Exists($"/proc/{process}") && File.Exists(limit))
        {
            try
            {
                await File.WriteAllTextAsync(limit, await File.ReadAllTextAsync(used, cancellationToken), cancellationToken);
            }
            catch (IOException)
            {
                // It used more in the meantime (EBUSY), or is gone.
            }

            await Task.Delay(20, cancellationToken);
        }
    }

    /// <summary>The folder of an emptyDir of the pod on this machine.</summary>
    public static string EmptyDir(this WorkerPod pod, string volume) =>
        Path.Combine(Node.Folder!, "kubelet", "pods", pod.Uid, "volumes", "kubernetes.io~empty-dir", volume);

    /// <summary>Fills a file with bytes that take room.</summary>
    public static void Fill(string file, long bytes)
    {
        byte[] block = new byte[1 << 20];
        Random.Shared.NextBytes(block);
        using FileStream stream = File.Create(file);
        for (long left = bytes; left > 0; left -= block.Length)
        {
            stream.Write(block.AsSpan(0, (int)Math.Min(left, block.Length)));
        }
    }

    // Version 1 has a hierarchy for memory, version 2 one for all.
    private static (string Used, string Limit) MemoryFiles(int process)
    {
        string[] groups = File.ReadAllLines($"/proc/{process}/cgroup");
        string? memory = groups.FirstOrDefault(group => group.Split(':')[1] == "memory")?.Split(':', 3)[2];
        string folder = memory is null ? $"/sys/fs/cgroup{groups[0].Split(':', 3)[2]}" : $"/sys/fs/cgroup/memory{memory}";
        return memory is null
            ? (Path.Combine(folder, "memory.current"), Path.Combine(folder, "memory.max"))
            : (Path.Combine(folder, "memory.usage_in_bytes"), Path.Combine(folder, "memory.limit_in_bytes"));
    }
}
