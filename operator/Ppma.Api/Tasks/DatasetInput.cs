namespace Ppma.Api.Tasks;

/// <summary>One data set as a task reads it.</summary>
public sealed record DatasetInput
{
    public required string Name { get; init; }

    /// <summary>Container or folder that holds <c>index.json</c>.</summary>
    public required string Uri { get; init; }

    /// <summary>SHA-256 (hex) of <c>index.json</c>; another one stops the worker with exit code 65.</summary>
    public required string Digest { get; init; }

    /// <summary>Which split of the index.</summary>
    public string Split { get; init; } = "train";

    public required Humans Humans { get; init; }

    /// <summary>
    /// Share of batches in relation to the other sets; 0 means in proportion to the number of clips. Where sets are repeated: clips times repeats.
    /// </summary>
    public double Weight { get; init; }

    /// <summary>
    /// Secret and key that open the store, as <c>secret/key</c>: a file below the folder in which the worker finds Secrets. Null for
    /// the worker's own identity, and for files.
    /// </summary>
    public string? Credentials { get; init; }
}
