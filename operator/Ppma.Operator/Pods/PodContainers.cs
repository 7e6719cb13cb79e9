using k8s.Models;

namespace Ppma.Operator.Pods;

/// <summary>All containers of a pod, init containers first, with the paths that messages name.</summary>
internal static class PodContainers
{
    public static IEnumerable<(V1Container Container, string Path)> Of(V1PodSpec pod) =>
    [
        .. (pod.InitContainers ?? []).Select(container => (container, $"pod.spec.initContainers[{container.Name}]")),
        .. (pod.Containers ?? []).Select(container => (container, $"pod.spec.containers[{container.Name}]")),
    ];
}
