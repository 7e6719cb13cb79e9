namespace Ppma.Api;

/// <summary>How storage is reached; left out, by workload identity.</summary>
public sealed record Credentials
{
    /// <summary>A Secret with a connection string or SAS URL, mounted as a file; left out, workload identity.</summary>
    public SecretKeyReference? Secret { get; init; }
}
