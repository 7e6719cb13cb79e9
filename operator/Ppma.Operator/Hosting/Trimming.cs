using k8s.Models;

namespace Ppma.Operator.Hosting;

/// <summary>What of the children nobody reads, so that ten thousand of them fit into little memory.</summary>
internal static class Trimming
{
    /// <summary>A Job's template was read when it was made; what counts is its labels and its status.</summary>
    public static void Job(V1Job job)
    {
        job.Spec?.Template = new V1PodTemplateSpec();
        job.Spec?.Selector = null;
    }

    /// <summary>Of a pod's spec remain its node, its scheduler, and what its containers are called, ask for and answer at.</summary>
    public static void Pod(V1Pod pod)
    {
        if (pod.Spec is { } spec)
        {
            pod.Spec = new V1PodSpec
            {
                NodeName = spec.NodeName,
                SchedulerName = spec.SchedulerName,
                Containers = [.. spec.Containers.Select(container => new V1Container { Name = container.Name, Resources = container.Resources, Ports = container.Ports })],
            };
        }
    }
}
