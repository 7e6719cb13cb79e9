using k8s;
using k8s.Models;

namespace Ppma.Cluster.Tests.Caching;

/// <summary>A kind that nobody defines until a test does.</summary>
[KubernetesEntity(Group = "late.example", ApiVersion = "v1", Kind = "Latecomer", PluralName = "latecomers")]
internal sealed class Latecomer : IKubernetesObject<V1ObjectMeta>
{
    public const string Definition =
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: latecomers.late.example}
        spec:
          group: late.example
          scope: Namespaced
          names: {plural: latecomers, singular: latecomer, kind: Latecomer, listKind: LatecomerList}
          versions:
          - name: v1
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object}}
        """;

    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();
}
