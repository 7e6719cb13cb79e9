namespace Ppma.Api;

/// <summary>Names of the API group.</summary>
public static class ApiGroup
{
    public const string Group = "ppma.cloud";
    public const string Version = "v1alpha1";
    public const string ApiVersion = $"{Group}/{Version}";

    /// <summary>Label of an EvalRun: the row of the benchmark table that it belongs to.</summary>
    public const string RowLabel = $"{Group}/row";

    /// <summary>The namespace of a resource that names none.</summary>
    public const string DefaultNamespace = "default";
}
