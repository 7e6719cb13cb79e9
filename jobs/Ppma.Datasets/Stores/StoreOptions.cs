using Ppma.Datasets.Metrics;
using Ppma.Datasets.Ranges;

namespace Ppma.Datasets.Stores;

/// <summary>How stores are reached; the same for all data sets of a process.</summary>
public sealed record StoreOptions
{
    /// <summary>Who asks. Chosen, never guessed from what happens to be at hand.</summary>
    public AzureCredentials Credentials { get; init; } = AzureCredentials.Anonymous;

    /// <summary>How blobs are read range by range.</summary>
    public RangeOptions Ranges { get; init; } = new();

    /// <summary>Shared by all stores that are given it; null gives a store one of its own, of <see cref="RangeOptions.RangesInFlight"/>.</summary>
    public RangeBudget? Budget { get; init; }

    /// <summary>Counts what the stores do.</summary>
    public StreamMetrics Metrics { get; init; } = new();

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
