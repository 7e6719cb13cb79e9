using Ppma.Datasets.Caching;
using Ppma.Datasets.Metrics;

namespace Ppma.Datasets.Reading;

/// <summary>How a data set is opened.</summary>
public sealed record DatasetOptions
{
    /// <summary>Digest that the data set must have; null takes any.</summary>
    public string? ExpectedDigest { get; init; }

    /// <summary>Keeps the shards of remote stores; null reads every sample from its store.</summary>
    public ShardCache? Cache { get; init; }

    public StreamMetrics Metrics { get; init; } = new();
}
