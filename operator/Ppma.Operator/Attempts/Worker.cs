using k8s.Models;

namespace Ppma.Operator.Attempts;

/// <summary>The container that counts. Others beside it neither end an attempt nor keep it alive.</summary>
internal static class Worker
{
    public const string Container = "worker";

    public static V1ContainerStatus? StatusOf(V1Pod pod) =>
        pod.Status?.ContainerStatuses?.FirstOrDefault(status => status.Name == Container);
}
