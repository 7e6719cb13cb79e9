using System.Runtime.InteropServices;
using Ppma.Testing;

namespace Ppma.EndToEnd.Lab;

/// <summary>
/// The machine that the pods run on, where eng/node.sh made it: its parts can be stopped, and the processes of pods are ours to signal.
/// A cluster that was given by KUBECONFIG alone has none of this, and tests that need it are skipped.
/// </summary>
public static partial class Node
{
    public const string Variable = "PPMA_NODE";

    /// <summary>Its state folder; null where the cluster is somebody else's.</summary>
    public static string? Folder { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null;

    /// <summary>The first line of a test that stops parts or signals processes.</summary>
    /// <exception cref="SkippedTestException">The cluster is somebody else's.</exception>
    public static void Require()
    {
        if (Folder is null)
        {
            throw new SkippedTestException($"needs a node whose parts can be stopped: {Variable} is not set (eng/e2e.sh without KUBECONFIG makes one)");
        }
    }

    /// <summary>The first line of a test that reads metrics: this machine has to reach the addresses of pods, as it does those of its own node.</summary>
    /// <exception cref="SkippedTestException">The cluster is somebody else's.</exception>
    public static void RequirePodNetwork()
    {
        if (Folder is null)
        {
            throw new SkippedTestException($"needs the addresses of pods to be reached from this machine, which is known of a node of its own only ({Variable} is not set)");
        }
    }

    /// <param name="part"><c>kube-apiserver</c>, <c>kubelet</c>, <c>etcd</c>, …: see eng/node.sh.</param>
    public static Task StopAsync(string part) => ControlAsync("stop", part);

    /// <inheritdoc cref="StopAsync"/>
    public static Task StartAsync(string part) => ControlAsync("start", part);

    /// <inheritdoc cref="StopAsync"/>
    public static Task RestartAsync(string part) => ControlAsync("restart", part);

    /// <summary>The process of a pod that is the run of a program (not the init process that started it), found by the pod's cgroup.</summary>
    public static int FindProcess(string podUid, string program)
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(folder, "cgroup")).Contains(podUid, StringComparison.Ordinal)
                    && Path.GetFileName(File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0')[0]) == program)
                {
                    return int.Parse(Path.GetFileName(folder));
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It ended while it was looked at.
            }
        }

        throw new InvalidOperationException($"No process of pod {podUid} runs {program}.");
    }

    /// <summary>Sends a signal to a process, such as <see cref="Signals.Kill"/>.</summary>
    public static void Signal(int process, int signal)
    {
        if (Kill(process, signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} to process {process}: errno {Marshal.GetLastPInvokeError()}.");
        }
    }

    private static Task<string> ControlAsync(string verb, string part) => Shell.RunAsync(Repository.PathOf("eng", "node.sh"), [verb, part]);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
