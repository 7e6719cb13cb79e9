using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>What a run has used up.</summary>
public sealed record UsageStatus
{
    /// <summary>GPUs times the seconds that workers held them, all attempts.</summary>
    [Range(0.0, double.MaxValue)]
    public double GpuSeconds { get; init; }

    /// <summary>Computed but lost, since it came after the checkpoint a restart began from.</summary>
    [Range(0.0, double.MaxValue)]
    public double WastedGpuSeconds { get; init; }

    /// <summary>Seconds in a queue, or without a node.</summary>
    [Range(0.0, double.MaxValue)]
    public double QueuedSeconds { get; init; }
}
