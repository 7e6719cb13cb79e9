namespace Ppma.Testing.Kubernetes;

/// <summary>
/// How a pod's container ends: its exit code, what it left in its termination message, the runtime's reason (Completed, Error,
/// OOMKilled; by the exit code when null), and, where Kubernetes ended it, the reason of the pod's DisruptionTarget condition
/// (PreemptionByScheduler, EvictionByEvictionAPI, …).
/// </summary>
public sealed record ContainerEnd(int ExitCode, string Message = "", string? Reason = null, string? Disruption = null)
{
    public static ContainerEnd Done(string message = "") => new(0, message);

    public static ContainerEnd OutOfMemory { get; } = new(137, Reason: "OOMKilled");

    public static ContainerEnd Preempted { get; } = new(143, Disruption: "PreemptionByScheduler");
}
