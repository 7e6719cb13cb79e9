using k8s.Models;

namespace Ppma.Operator.Pods;

/// <summary>
/// The Job of an attempt: one pod, no restarts of its own. A pure function, so that a create that is repeated would create the same.
/// It is created once and never changed: what a queue, the scheduler or an admission webhook makes of it stays.
/// </summary>
internal static class JobBuilder
{
    public static JobPlan Build(JobRequest request, PodSettings settings)
    {
        var problems = new List<string>(ClaimProblems(request));
        var labels = Labels.Of(request.Run, request.Stage, request.Attempt);
        var built = new V1PodTemplateSpec { Metadata = PodMetadata.Of(request, labels), Spec = PodBuilder.Build(request, settings) };
        var queue = QueueLabels(request);
        var job = new V1Job
        {
            ApiVersion = $"{V1Job.KubeGroup}/{V1Job.KubeApiVersion}",
            Kind = V1Job.KubeKind,
            Metadata = new()
            {
                Name = Names.Job(request.Run, request.Stage, request.Attempt),
                NamespaceProperty = request.Run.Namespace,
                Labels = queue.Concat(labels).ToDictionary(StringComparer.Ordinal),
                Annotations = Labels.Annotations(request.Run),
                OwnerReferences = [Labels.Owner(request.Run)],
            },
            Spec = new()
            {
                Parallelism = 1,
                Completions = 1,
                BackoffLimit = 0,
                PodReplacementPolicy = "Failed",

                // A queue starts what it finds suspended. Nobody else would.
                Suspend = queue.ContainsKey(Labels.Queue) ? true : null,
                Template = PodOverrides.Apply(built, request.Compute.PodTemplateOverrides, problems),
            },
        };
        return new(request, job, built, problems);
    }

    private static Dictionary<string, string> QueueLabels(JobRequest request)
    {
        var labels = request.OwnerLabels
            .Where(label => label.Key.StartsWith(Labels.QueuePrefix, StringComparison.Ordinal))
            .ToDictionary(StringComparer.Ordinal);
        if (request.Compute.QueueName is { Length: > 0 } queue)
        {
            labels[Labels.Queue] = queue;
        }

        return labels;
    }

    private static IEnumerable<string> ClaimProblems(JobRequest request)
    {
        foreach (var claim in request.Claims.Where(claim => !claim.IsMountable))
        {
            yield return $"volume of {claim.Uri}: PersistentVolumeClaim {claim.Claim} is mounted at the URI's own path, and this one has none; write file:///folder, or remove the volume";
        }

        foreach (var use in StoreUse.Of(request.Task).Where(use => use.IsFile && !request.Claims.Any(claim => claim.IsMountable && use.IsBelow(claim.Path))))
        {
            yield return $"{use.Field}: {use.Uri} lies on no volume of the pod; name the PersistentVolumeClaim that holds it (volume.persistentVolumeClaim beside the uri), or use a blob container";
        }
    }
}
