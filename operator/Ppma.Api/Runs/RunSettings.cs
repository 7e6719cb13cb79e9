using System.ComponentModel.DataAnnotations;
using Ppma.Api.Tasks;

namespace Ppma.Api.Runs;

/// <summary>How a run runs, apart from what it computes. Inlined in PretrainRun and EvalRun.</summary>
public abstract record RunSettings
{
    /// <summary>Decides every random number of the run.</summary>
    [Range(0, long.MaxValue)]
    public long Seed { get; init; } = 123;

    /// <summary>Arithmetic of forward and backward; left out, the preset of each stage decides.</summary>
    public Precision? Precision { get; init; }

    public ComputeSettings Compute { get; init; } = new();

    /// <summary>Where files go; left out, the output folder of <c>ppma run</c>. Required in a cluster.</summary>
    public ArtifactsSettings? Artifacts { get; init; }

    public CheckpointSettings Checkpoint { get; init; } = new();

    public DeadlineSettings Deadlines { get; init; } = new();

    public RestartSettings Restart { get; init; } = new();

    /// <summary>Stop after the next checkpoint and wait. May change at any time.</summary>
    public bool Suspend { get; init; }

    /// <summary>Stop for good. May be set at any time, never taken back.</summary>
    public bool Cancel { get; init; }

    /// <summary>Seconds after the end until Jobs and ConfigMaps are deleted; the resource itself stays.</summary>
    [Range(0, int.MaxValue)]
    public int TtlSecondsAfterFinished { get; init; } = 604_800;
}
