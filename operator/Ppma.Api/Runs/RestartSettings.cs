using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>How often a run starts again, by who is to blame, and how long it waits before.</summary>
public sealed record RestartSettings
{
    /// <summary>Restarts after errors of the program.</summary>
    [Range(0, 1000)]
    public int Application { get; init; } = 3;

    /// <summary>Restarts after errors of nodes, network and storage.</summary>
    [Range(0, 1000)]
    public int Infrastructure { get; init; } = 50;

    /// <summary>First wait; doubles up to <see cref="MaxBackoffSeconds"/>.</summary>
    [Range(1, 3600)]
    public int BackoffSeconds { get; init; } = 30;

    [Range(1, 86_400)]
    public int MaxBackoffSeconds { get; init; } = 600;
}
