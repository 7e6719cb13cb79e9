namespace Ppma.Api.Tasks;

/// <summary>What verification found.</summary>
public sealed record DatasetOutcome
{
    public required string Digest { get; init; }

    public required long Samples { get; init; }

    public required int Shards { get; init; }

    public required long Bytes { get; init; }

    public required int Classes { get; init; }

    public required Humans Humans { get; init; }
}
