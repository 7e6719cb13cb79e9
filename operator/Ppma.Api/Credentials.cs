namespace Ppma.Api;

/// <summary>How storage is reached; left out, by workload identity.</summary>
public sealed record Credentials
{
    public SecretKeyReference? Secret { get; init; }
}
