namespace Ppma.Operator.Pods;

/// <summary>
/// Which lists of a pod template are merged, and by which field of their elements: <c>x-kubernetes-patch-merge-key</c> of the Kubernetes
/// API (core/v1). Every other list is replaced as a whole, tolerations among them.
/// </summary>
internal static class MergeKeys
{
    /// <summary>A list of plain values that is united.</summary>
    public const string Values = "";

    private static readonly Dictionary<string, string> ByPath = new(StringComparer.Ordinal)
    {
        ["metadata.ownerReferences"] = "uid",
        ["metadata.finalizers"] = Values,
        ["spec.containers"] = "name",
        ["spec.initContainers"] = "name",
        ["spec.ephemeralContainers"] = "name",
        ["spec.volumes"] = "name",
        ["spec.imagePullSecrets"] = "name",
        ["spec.hostAliases"] = "ip",
        ["spec.resourceClaims"] = "name",
        ["spec.schedulingGates"] = "name",
        ["spec.topologySpreadConstraints"] = "topologyKey",
    };

    private static readonly Dictionary<string, string> OfContainers = new(StringComparer.Ordinal)
    {
        ["env"] = "name",
        ["ports"] = "containerPort",
        ["volumeDevices"] = "devicePath",
        ["volumeMounts"] = "mountPath",
    };

    /// <param name="path">Field names from the template on, <c>[]</c> for an element: <c>spec.containers[].env</c>.</param>
    /// <returns>The key, <see cref="Values"/>, or null where the list is replaced.</returns>
    public static string? Of(string path)
    {
        if (ByPath.TryGetValue(path, out string? key))
        {
            return key;
        }

        int end = path.IndexOf("ontainers[].", StringComparison.Ordinal);
        return end >= 0 && OfContainers.TryGetValue(path[(end + "ontainers[].".Length)..], out key) ? key : null;
    }
}
