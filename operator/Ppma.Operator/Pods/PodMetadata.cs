using k8s.Models;

namespace Ppma.Operator.Pods;

/// <summary>Labels and annotations of a pod.</summary>
internal static class PodMetadata
{
    public static V1ObjectMeta Of(JobRequest request, IReadOnlyDictionary<string, string> labels)
    {
        var given = new Dictionary<string, string>(request.Compute.PodLabels, StringComparer.Ordinal);
        foreach (var (key, value) in labels)
        {
            given.TryAdd(key, value);
        }

        if (NeedsIdentity(request))
        {
            given.TryAdd(Labels.WorkloadIdentity, "true");
        }

        var annotations = new Dictionary<string, string>(request.Compute.PodAnnotations, StringComparer.Ordinal);
        annotations.TryAdd(Labels.Name, request.Run.Name);
        return new() { Labels = given, Annotations = annotations };
    }

    /// <summary>Whether the worker opens a store as the identity of its service account.</summary>
    public static bool NeedsIdentity(JobRequest request) => StoreUse.Of(request.Task).Any(use => use.NeedsIdentity);
}
