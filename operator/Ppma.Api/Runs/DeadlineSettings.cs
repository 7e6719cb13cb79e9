using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>How long a run may take for what.</summary>
public sealed record DeadlineSettings
{
    /// <summary>From the Job to the first step.</summary>
    [Range(1, int.MaxValue)]
    public int StartupSeconds { get; init; } = 3600;

    /// <summary>Until a pod that cannot be scheduled counts as failed; covers a node pool that grows.</summary>
    [Range(1, int.MaxValue)]
    public int ScaleUpSeconds { get; init; } = 1800;

    /// <summary>Without a finished step.</summary>
    [Range(1, int.MaxValue)]
    public int ProgressSeconds { get; init; } = 900;

    /// <summary>Running time in all, suspension and queueing not counted; left out, no limit.</summary>
    [Range(1, int.MaxValue)]
    public int? ActiveSeconds { get; init; }
}
