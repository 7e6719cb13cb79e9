namespace Ppma.Controllers.Requests;

/// <summary>Which objects of a kind.</summary>
public sealed record ResourceSelection
{
    /// <summary>Of one namespace; null for all.</summary>
    public string? Namespace { get; init; }

    /// <summary>With these labels: <c>app.kubernetes.io/managed-by=name</c>.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>With these fields, where the server knows the field: <c>metadata.name=lease</c>.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>As parameters of a query, each before an ampersand.</summary>
    internal string Query =>
        (LabelSelector is { } labels ? $"labelSelector={Uri.EscapeDataString(labels)}&" : "")
        + (FieldSelector is { } fields ? $"fieldSelector={Uri.EscapeDataString(fields)}&" : "");
}
