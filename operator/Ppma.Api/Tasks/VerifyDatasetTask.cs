namespace Ppma.Api.Tasks;

/// <summary>Check one data set.</summary>
public sealed record VerifyDatasetTask
{
    public required string Name { get; init; }

    public required string Uri { get; init; }

    /// <inheritdoc cref="DatasetInput.Credentials"/>
    public string? Credentials { get; init; }

    /// <summary>Expected SHA-256 of the index, where one is known.</summary>
    public string? ExpectedDigest { get; init; }

    /// <summary>Read every shard and compare its hash, not only its size.</summary>
    public bool ReadShards { get; init; }
}
