using k8s;
using k8s.Models;

namespace Ppma.Controllers.Tests.Requests;

/// <summary>A kind of a custom resource, for tests.</summary>
[KubernetesEntity(Group = "lab.example", ApiVersion = "v1", Kind = "Widget", PluralName = "widgets")]
public sealed class Widget : IKubernetesObject<V1ObjectMeta>, IStatus<WidgetStatus?>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public WidgetSpec Spec { get; set; } = new();

    public WidgetStatus? Status { get; set; }

    public static Widget Named(string name, string @namespace = "team") =>
        new() { Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = @namespace } };
}

public sealed record WidgetSpec
{
    public int Size { get; init; } = 1;

    public WidgetColour Colour { get; init; }
}

public sealed record WidgetStatus
{
    public string? Note { get; init; }
}

public enum WidgetColour
{
    Red,
    Green,
}
