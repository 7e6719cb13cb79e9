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

    /// <summary>Seconds in a queue.</summary>
    [Range(0.0, double.MaxValue)]
    public double QueuedSeconds { get; init; }

    /// <summary>Seconds that attempts were under way, queues and suspensions not counted: what spec.deadlines.activeSeconds limits.</summary>
    [Range(0.0, double.MaxValue)]
    public double ActiveSeconds { get; init; }
}
