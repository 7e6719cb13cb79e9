using System.ComponentModel.DataAnnotations;
using Ppma.Api.Schemas;
using Ppma.Api.Tasks;

namespace Ppma.Api.Runs;

/// <summary>How a run runs, apart from what it computes. Inlined in PretrainRun and EvalRun.</summary>
[Rule("self.compute.workers <= 1", "compute.workers must be 1; training over several workers is not available yet")]
[Rule("self.compute.gpusPerWorker <= 1", "compute.gpusPerWorker must be 0 or 1; training over several GPUs is not available yet")]
[Rule("self.restart.backoffSeconds <= self.restart.maxBackoffSeconds", "restart.backoffSeconds must not be above restart.maxBackoffSeconds")]
[Rule(
    "self.checkpoint.keepEverySteps == 0 || self.checkpoint.everySteps == 0 || self.checkpoint.keepEverySteps % self.checkpoint.everySteps == 0",
    "checkpoint.keepEverySteps must be a multiple of checkpoint.everySteps; only checkpoints that are written can be kept")]
public abstract record RunSettings
{
    /// <summary>Decides every random number of the run.</summary>
    [Range(0, long.MaxValue)]
    public long Seed { get; init; } = 123;

    /// <summary>Arithmetic of forward and backward; left out, the preset of each stage decides.</summary>
    public Precision? Precision { get; init; }

    /// <summary>What the run's pods look like.</summary>
    public ComputeSettings Compute { get; init; } = new();

    /// <summary>Where files go; left out, the output folder of <c>ppma run</c>. Required in a cluster.</summary>
    public ArtifactsSettings? Artifacts { get; init; }

    /// <summary>When checkpoints are written and which stay.</summary>
    public CheckpointSettings Checkpoint { get; init; } = new();

    /// <summary>How long the run may take for what.</summary>
    public DeadlineSettings Deadlines { get; init; } = new();

    /// <summary>How often it starts again after which failures.</summary>
    public RestartSettings Restart { get; init; } = new();

    /// <summary>Stop after the next checkpoint and wait. May change at any time.</summary>
    [Changes(Change.Freely)]
    public bool Suspend { get; init; }

    /// <summary>Stop for good. May be set at any time, never taken back.</summary>
    [Changes(Change.ToTrue)]
    public bool Cancel { get; init; }

    /// <summary>Seconds after the end until Jobs and ConfigMaps are deleted; the resource itself stays. May change at any time.</summary>
    [Range(0, int.MaxValue), Changes(Change.Freely)]
    public int TtlSecondsAfterFinished { get; init; } = 604_800;
}
