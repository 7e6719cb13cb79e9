namespace Ppma.Api;

/// <summary>A condition in the sense of the Kubernetes API conventions.</summary>
public sealed record Condition
{
    public string Type { get; init; } = "";

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public string Status { get; init; } = "";

    public string Reason { get; init; } = "";

    public string Message { get; init; } = "";

    public DateTime LastTransitionTime { get; init; }

    public long ObservedGeneration { get; init; } = -1;
}
