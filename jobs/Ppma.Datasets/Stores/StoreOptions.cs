using Ppma.Datasets.Metrics;

namespace Ppma.Datasets.Stores;

/// <summary>How stores are reached; the same for all data sets of a process.</summary>
public sealed record StoreOptions
{
    /// <summary>Counts what the stores do.</summary>
    public StreamMetrics Metrics { get; init; } = new();

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
