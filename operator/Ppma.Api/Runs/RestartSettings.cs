using System.ComponentModel.DataAnnotations;
using Ppma.Api.Schemas;

namespace Ppma.Api.Runs;

/// <summary>How often a run starts again, by who is to blame, and how long it waits before.</summary>
public sealed record RestartSettings
{
    /// <summary>Restarts after errors of the program. May only be made larger.</summary>
    [Range(0, 1000), Changes(Change.ToMore)]
    public int Application { get; init; } = 3;

    /// <summary>Restarts after errors of nodes, network and storage. May only be made larger.</summary>
    [Range(0, 1000), Changes(Change.ToMore)]
    public int Infrastructure { get; init; } = 50;

    /// <summary>Seconds of the first wait; doubles up to <see cref="MaxBackoffSeconds"/>.</summary>
    [Range(1, 3600)]
    public int BackoffSeconds { get; init; } = 30;

    /// <summary>Seconds of the longest wait.</summary>
    [Range(1, 86_400)]
    public int MaxBackoffSeconds { get; init; } = 600;
}
