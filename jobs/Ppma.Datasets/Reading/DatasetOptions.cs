using Ppma.Datasets.Metrics;

namespace Ppma.Datasets.Reading;

/// <summary>How a data set is opened.</summary>
public sealed record DatasetOptions
{
    /// <summary>Digest that the data set must have; null takes any.</summary>
    public string? ExpectedDigest { get; init; }

    public StreamMetrics Metrics { get; init; } = new();
}
