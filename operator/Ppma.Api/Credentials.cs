namespace Ppma.Api;

/// <summary>How storage is reached; left out, by workload identity.</summary>
public sealed record Credentials
{
    /// <summary>The key of a Secret that holds a SAS token or a connection string, mounted as a file; left out, workload identity.</summary>
    public SecretKeyReference? Secret { get; init; }
}
