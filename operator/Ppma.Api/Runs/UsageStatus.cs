namespace Ppma.Api.Runs;

/// <summary>What a run has used up.</summary>
public sealed record UsageStatus
{
    public double GpuSeconds { get; init; }

    /// <summary>Computed but lost, since it came after the checkpoint a restart began from.</summary>
    public double WastedGpuSeconds { get; init; }

    public double QueuedSeconds { get; init; }
}
