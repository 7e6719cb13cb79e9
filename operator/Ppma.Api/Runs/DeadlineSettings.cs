using System.ComponentModel.DataAnnotations;
using Ppma.Api.Schemas;

namespace Ppma.Api.Runs;

/// <summary>How long a run may take for what. Deadlines may only be made longer.</summary>
public sealed record DeadlineSettings
{
    /// <summary>Seconds from the Job to the first step.</summary>
    [Range(1, int.MaxValue), Changes(Change.ToMore)]
    public int StartupSeconds { get; init; } = 3600;

    /// <summary>Seconds until a pod that cannot be scheduled counts as failed; covers a node pool that grows.</summary>
    [Range(1, int.MaxValue), Changes(Change.ToMore)]
    public int ScaleUpSeconds { get; init; } = 1800;

    /// <summary>Seconds without a finished step.</summary>
    [Range(1, int.MaxValue), Changes(Change.ToMore)]
    public int ProgressSeconds { get; init; } = 900;

    /// <summary>Seconds of running time in all, suspension and queueing not counted; left out, no limit.</summary>
    [Range(1, int.MaxValue), Changes(Change.ToMore)]
    public int? ActiveSeconds { get; init; }
}
