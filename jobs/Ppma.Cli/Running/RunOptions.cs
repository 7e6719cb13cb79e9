using Ppma.Worker.Data;

namespace Ppma.Cli.Running;

/// <summary>What <c>ppma run</c> was asked for.</summary>
internal sealed record RunOptions
{
    /// <summary>A manifest or a folder of them.</summary>
    public required string Manifests { get; init; }

    /// <summary>Where <c>file:NAME</c> data sets lie.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Where artifacts and the report go.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>Threads a task computes and decodes with; part of what decides the numbers.</summary>
    public required int Threads { get; init; }

    /// <summary>Tasks at once; null for as many as the cores can compute.</summary>
    public int? Parallel { get; init; }

    /// <summary>How data sets are reached, here and in the workers.</summary>
    public required DataPlaneOptions Data { get; init; }

    /// <summary>Forget what earlier calls computed.</summary>
    public required bool Fresh { get; init; }
}
