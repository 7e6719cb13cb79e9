using Ppma.Datasets.Metrics;

namespace Ppma.Video.Loading;

/// <summary>What loading may use of the machine. Nothing here changes what is loaded.</summary>
public sealed record LoadingOptions
{
    /// <summary>Threads that decode. The default value is one for each core.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Bytes of memory from storage to the training step: encoded videos, clips being decoded, batches. It decides how many batches are
    /// made ahead, and must hold four of them. Null, the default, takes four and room for every thread.
    /// </summary>
    public long? MemoryBytes { get; init; }

    public StreamMetrics Metrics { get; init; } = new();
}
