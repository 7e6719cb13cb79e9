using System.ComponentModel.DataAnnotations;

namespace Ppma.Operator.Progress;

/// <summary>How workers are asked how far they are.</summary>
internal sealed record ProgressOptions
{
    /// <summary>Seconds between two questions to one worker.</summary>
    [Range(1, 3600)]
    public int IntervalSeconds { get; init; } = 15;

    /// <summary>Seconds until a worker that does not answer is left alone, connecting included.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; init; } = 2;

    /// <summary>Workers that are asked at once.</summary>
    [Range(1, 1024)]
    public int Parallelism { get; init; } = 64;

    /// <summary>Status writes a second that all runs together may spend on progress.</summary>
    [Range(1, 1000)]
    public int WritesPerSecond { get; init; } = 20;
}
