using k8s;
using k8s.Models;

namespace Ppma.Operator.Pods;

/// <summary>
/// What makes a pod the operator's: the worker that it started, the task that it froze, the marks by which it finds it again. Compared
/// with the pod as it was before overrides.
/// </summary>
internal static class OwnershipRules
{
    private static readonly string[] OurLabelPrefixes = ["ppma.cloud/", "batch.kubernetes.io/"];
    private static readonly string[] OurLabels = [Labels.ManagedBy, "controller-uid", "job-name"];

    /// <summary>Volumes of ours that may lie elsewhere: what is in them is lost with the pod anyway.</summary>
    private static readonly string[] Scratch = ["cache", "scratch", "tmp", "shm"];

    public static IEnumerable<string> Check(JobPlan plan) =>
    [
        .. Metadata(plan),
        .. Pod(plan.Template.Spec),
        .. Volumes(plan),
        .. PodContainers.Of(plan.Template.Spec).SelectMany(entry => Environment(plan, entry.Container, entry.Path)),
        .. plan.Template.Spec.Containers.FirstOrDefault(container => container.Name == Attempts.Worker.Container) is { } worker
            ? Worker(plan, worker, $"pod.spec.containers[{worker.Name}]")
            : [$"pod.spec.containers[{Attempts.Worker.Container}]: is gone; it is the run itself. Take its deletion out of {PodOverrides.Field}"],
    ];

    private static IEnumerable<string> Metadata(JobPlan plan)
    {
        var (ours, labels) = (Labels.Of(plan.Request.Run, plan.Request.Stage, plan.Request.Attempt), plan.Template.Metadata.Labels);
        foreach (string key in ours.Keys.Union(labels.Keys.Where(IsOurs), StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (!labels.TryGetValue(key, out string? value) || !ours.TryGetValue(key, out string? wanted) || value != wanted)
            {
                yield return $"pod.metadata.labels[{key}]: is set by the operator and the Job alone; take it out of compute.podLabels and {PodOverrides.Field}";
            }
        }

        if (plan.Template.Metadata.Annotations is not { } annotations || !annotations.TryGetValue(Labels.Name, out string? name) || name != plan.Request.Run.Name)
        {
            yield return $"pod.metadata.annotations[{Labels.Name}]: is set by the operator alone; take it out of compute.podAnnotations and {PodOverrides.Field}";
        }

        if (plan.Template.Metadata is { OwnerReferences.Count: > 0 } or { Finalizers.Count: > 0 })
        {
            yield return "pod.metadata: ownerReferences and finalizers are the Job's; remove them";
        }
    }

    private static IEnumerable<string> Pod(V1PodSpec pod)
    {
        if (pod.RestartPolicy != "Never")
        {
            yield return $"pod.spec.restartPolicy: is {pod.RestartPolicy}; it must be Never, since the operator restarts (spec.restart)";
        }

        if (pod.ActiveDeadlineSeconds is not null)
        {
            yield return "pod.spec.activeDeadlineSeconds: would end the worker behind the operator's back; use spec.deadlines.activeSeconds";
        }

        if (pod.NodeName is { Length: > 0 })
        {
            yield return "pod.spec.nodeName: would pass the scheduler and its quotas by; use compute.nodeSelector";
        }

        if (pod.EphemeralContainers is { Count: > 0 })
        {
            yield return "pod.spec.ephemeralContainers: come into a running pod with kubectl debug, not into a new one; remove them";
        }
    }

    private static IEnumerable<string> Volumes(JobPlan plan)
    {
        foreach (var volume in (plan.Built.Spec.Volumes ?? []).Where(volume => !Scratch.Contains(volume.Name)))
        {
            if (!Same(volume, plan.Template.Spec.Volumes?.FirstOrDefault(other => other.Name == volume.Name)))
            {
                yield return $"pod.spec.volumes[{volume.Name}]: is what the run's task needs as it is; leave it alone and add a volume of another name";
            }
        }
    }

    private static IEnumerable<string> Environment(JobPlan plan, V1Container container, string path)
    {
        var ours = path == $"pod.spec.containers[{Attempts.Worker.Container}]" ? plan.Built.Spec.Containers[0].Env : [];
        var reserved = (container.Env ?? []).Where(variable => WorkerEnvironment.IsReserved(variable.Name)).ToList();
        var changed = reserved.Where(variable => !ours.Any(own => own.Name == variable.Name && Same(own, variable))).Select(variable => variable.Name);
        var missing = ours.Where(own => WorkerEnvironment.IsReserved(own.Name) && !reserved.Any(variable => variable.Name == own.Name)).Select(own => own.Name);
        foreach (string name in changed.Union(missing, StringComparer.Ordinal))
        {
            yield return $"{path}.env[{name}]: is reserved for the operator and the node; take it out of {PodOverrides.Field}";
        }

        foreach (var (source, i) in (container.EnvFrom ?? []).Select((source, i) => (source, i)).Where(entry => WorkerEnvironment.MayBeReserved(entry.source.Prefix ?? "")))
        {
            yield return $"{path}.envFrom[{i}]: may bring reserved variables (PPMA_…, NVIDIA_VISIBLE_DEVICES, …); name variables one by one in env, or give envFrom a prefix of your own";
        }
    }

    private static IEnumerable<string> Worker(JobPlan plan, V1Container worker, string path)
    {
        var built = plan.Built.Spec.Containers[0];
        (bool Broken, string Field, string Fix)[] fixedFields =
        [
            (worker.Image != built.Image, "image", "it was fixed when the run was admitted; write compute.image in a new run"),
            (worker.Command is { Count: > 0 }, "command", "the image's own entrypoint is the worker; remove it"),
            (!Same(built.Args, worker.Args), "args", "they name the run's task; leave them alone"),
            (worker.RestartPolicy is not null || worker.RestartPolicyRules is { Count: > 0 }, "restartPolicy", "the operator restarts (spec.restart); remove it and restartPolicyRules"),
            (worker.TerminationMessagePath != built.TerminationMessagePath, "terminationMessagePath", "the result is read there; leave it alone"),
            (worker.TerminationMessagePolicy != built.TerminationMessagePolicy, "terminationMessagePolicy", "the result is read by it; leave it alone"),
            (!(worker.Ports ?? []).Any(port => port.ContainerPort == WorkerEnvironment.MetricsPort && Same(built.Ports[0], port)), "ports[metrics]", "progress is asked for there; leave it alone"),
        ];
        return
        [
            .. fixedFields.Where(field => field.Broken).Select(field => $"{path}.{field.Field}: {field.Fix}"),
            .. built.VolumeMounts.Where(mount => !(worker.VolumeMounts ?? []).Any(other => other.MountPath == mount.MountPath && Same(mount, other)))
                .Select(mount => $"{path}.volumeMounts[{mount.MountPath}]: is what the run's task needs as it is; leave it alone"),
            .. (worker.VolumeMounts ?? []).Where(mount => !built.VolumeMounts.Any(own => own.MountPath == mount.MountPath && Same(own, mount)) && Covers(mount.MountPath))
                .Select(mount => $"{path}.volumeMounts[{mount.MountPath}]: lies on or over what the operator mounts; mount it elsewhere"),
            .. Gpus(plan, path),
        ];
    }

    // What a run is charged for is what it says.
    private static IEnumerable<string> Gpus(JobPlan plan, string workerPath)
    {
        string resource = plan.Request.Compute.GpuResourceName;
        string maker = resource[..(resource.IndexOf('/', StringComparison.Ordinal) + 1)];
        foreach (var (container, path) in PodContainers.Of(plan.Template.Spec))
        {
            int wanted = path == workerPath ? plan.Request.Compute.GpusPerWorker : 0;
            if (Count(container.Resources?.Limits) is { } limit && limit != wanted || Count(container.Resources?.Requests) is { } request && request != wanted
                || (wanted > 0 && Count(container.Resources?.Limits) is null))
            {
                yield return $"{path}.resources[{resource}]: must be {wanted}, as compute.gpusPerWorker says; change that field instead";
            }

            // Slices of the same maker's devices would be GPUs that nobody counts.
            foreach (string other in Names(container).Where(name => maker.Length > 0 && name != resource && name.StartsWith(maker, StringComparison.Ordinal)))
            {
                yield return $"{path}.resources[{other}]: is a device of {resource}'s maker that is not counted; name it in compute.gpuResourceName instead";
            }
        }

        static IEnumerable<string> Names(V1Container container) =>
            (container.Resources?.Limits?.Keys ?? []).Union(container.Resources?.Requests?.Keys ?? [], StringComparer.Ordinal);

        decimal? Count(IDictionary<string, ResourceQuantity>? amounts) =>
            amounts is not null && amounts.TryGetValue(resource, out var amount) ? amount.ToDecimal() : null;
    }

    private static bool Covers(string mountPath)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(mountPath, "/"));
        string[] ours = [WorkerEnvironment.Root, WorkerEnvironment.TerminationMessage];
        return path == "/" || ours.Any(own => path == own || path.StartsWith(own + "/", StringComparison.Ordinal) || own.StartsWith(path + "/", StringComparison.Ordinal));
    }

    private static bool IsOurs(string label) =>
        OurLabels.Contains(label) || OurLabelPrefixes.Any(prefix => label.StartsWith(prefix, StringComparison.Ordinal));

    private static bool Same<T>(T first, T? second)
        where T : class => ReferenceEquals(first, second) || (second is not null && KubernetesJson.Serialize(first) == KubernetesJson.Serialize(second));
}
