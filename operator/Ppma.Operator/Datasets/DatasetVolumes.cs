using Ppma.Api.Datasets;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Datasets;

/// <summary>The volumes behind data sets, and the places that no volume can be behind.</summary>
internal static class DatasetVolumes
{
    private const string Absolute = "file:///";

    /// <summary>The claim that a pod which reads the data set mounts, or nothing where it lies in a container.</summary>
    public static IEnumerable<MountedClaim> Of(VideoDataset dataset) =>
        dataset.Spec is { Volume.PersistentVolumeClaim.Name: { Length: > 0 } claim, Uri: var uri } && uri.StartsWith(Absolute, StringComparison.Ordinal)
            ? [new(claim, uri, ReadOnly: true)]
            : [];

    /// <summary>Why no pod could read it there: <c>field: cause and fix</c>; null when one can.</summary>
    public static string? Problem(VideoDatasetSpec spec) => spec switch
    {
        { Uri: var uri } when !uri.StartsWith("file:", StringComparison.Ordinal) => null,
        { Uri: var uri } when !uri.StartsWith(Absolute, StringComparison.Ordinal) =>
            $"spec.uri: \"{uri}\" lies below a folder of one machine, and a pod may run on any; write a blob container URL, or file:///path with spec.volume",
        { Volume.PersistentVolumeClaim.Name: { Length: > 0 } } => null,
        { Uri: var uri } => $"spec.volume: is missing; nothing is at \"{uri}\" in a pod unless a persistentVolumeClaim is mounted there",
    };
}
