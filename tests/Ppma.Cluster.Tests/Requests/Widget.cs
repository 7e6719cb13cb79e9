using k8s;
using k8s.Models;

namespace Ppma.Cluster.Tests.Requests;

/// <summary>A custom resource whose schema requires a spec.</summary>
[KubernetesEntity(Group = "lab.example", ApiVersion = "v1", Kind = "Widget", PluralName = "widgets")]
internal sealed class Widget : IKubernetesObject<V1ObjectMeta>
{
    public const string Definition =
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: widgets.lab.example}
        spec:
          group: lab.example
          scope: Namespaced
          names: {plural: widgets, singular: widget, kind: Widget, listKind: WidgetList}
          versions:
          - name: v1
            served: true
            storage: true
            subresources: {status: {}}
            schema:
              openAPIV3Schema:
                type: object
                required: [spec]
                properties:
                  spec: {type: object, required: [size], properties: {size: {type: integer, minimum: 1}}}
                  status: {type: object, properties: {note: {type: string}}}
        """;

    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public WidgetSpec? Spec { get; set; }

    public WidgetStatus? Status { get; set; }

    public static Widget Named(string name, string @namespace, int size = 1) =>
        new() { Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = @namespace }, Spec = new WidgetSpec(size) };
}

internal sealed record WidgetSpec(int Size);

internal sealed record WidgetStatus(string? Note);
