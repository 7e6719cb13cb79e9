using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>Restarts so far, by who is to blame.</summary>
public sealed record RestartStatus
{
    /// <summary>Restarts after errors of the program, counted against spec.restart.application.</summary>
    [Range(0, int.MaxValue)]
    public int Application { get; init; }

    /// <summary>Restarts after errors of nodes, network and storage, counted against spec.restart.infrastructure.</summary>
    [Range(0, int.MaxValue)]
    public int Infrastructure { get; init; }

    /// <summary>Why the last one was.</summary>
    public LastRestart? Last { get; init; }
}
