using System.Text;
using k8s.Models;
using Ppma.Api.Datasets;
using Ppma.Api.Resolution;
using Ppma.Api.Tasks;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Datasets;

/// <summary>The task that verifies a data set as its spec stands: the same for every attempt at one generation.</summary>
internal static class VerificationTask
{
    /// <summary>The stage under which names and labels speak of it.</summary>
    public const string Stage = "verify";

    // What it leaves is in its termination message; its files go with the pod.
    private const string Artifacts = $"{WorkerEnvironment.ScratchFolder}/{Stage}";

    public static RunIdentity Identity(VideoDataset dataset) =>
        new(VideoDataset.KindName, dataset.Metadata.NamespaceProperty ?? "", dataset.Metadata.Name, dataset.Metadata.Uid);

    public static TaskSpec Of(VideoDataset dataset)
    {
        var verify = new VerifyDatasetTask
        {
            Name = dataset.Metadata.Name,
            Uri = dataset.Spec.Uri,
            Credentials = dataset.Spec.Credentials?.Secret?.Reference,
        };
        return new TaskSpec
        {
            Kind = TaskKind.VerifyDataset,
            Run = Identity(dataset),
            InputDigest = TaskJson.Digest(TaskJson.Serialize(verify)),
            ArtifactsUri = FileUris.FromPath(Artifacts),
            VerifyDataset = verify,
        };
    }

    /// <summary>The ConfigMap that holds the task of the spec's generation; it can never change.</summary>
    public static V1ConfigMap Map(VideoDataset dataset)
    {
        var identity = Identity(dataset);
        return new()
        {
            ApiVersion = V1ConfigMap.KubeApiVersion,
            Kind = V1ConfigMap.KubeKind,
            Metadata = new()
            {
                Name = MapName(dataset, dataset.Metadata.Generation ?? 0),
                NamespaceProperty = identity.Namespace,
                Labels = Labels.Of(identity),
                Annotations = Labels.Annotations(identity),
                OwnerReferences = [Labels.Owner(identity)],
            },
            Immutable = true,
            Data = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [$"{Stage}.json"] = Encoding.UTF8.GetString(TaskJson.Serialize(Of(dataset))),
            },
        };
    }

    public static string MapName(VideoDataset dataset, long generation) => Names.Task(Identity(dataset), Stage, generation);
}
