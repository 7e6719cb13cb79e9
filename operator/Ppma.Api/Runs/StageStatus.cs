using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>One stage's state. An EvalRun has one stage, <c>evaluate</c>.</summary>
public sealed record StageStatus
{
    /// <summary>The stage's name.</summary>
    [MaxLength(NameRules.StageNameLength)]
    public string Name { get; init; } = "";

    /// <summary>Where it is.</summary>
    public StageState State { get; init; }

    /// <summary>The current or last attempt, from 1; 0 before the first.</summary>
    [Range(0, int.MaxValue)]
    public int Attempt { get; init; }

    /// <summary>The Job of that attempt.</summary>
    public ResourceReference? JobRef { get; init; }

    /// <summary>UID of that Job, so that another of its name is not taken for it.</summary>
    [MaxLength(64)]
    public string? JobUid { get; init; }

    /// <summary>When the attempt's Job was created.</summary>
    public DateTime? AttemptTime { get; init; }

    /// <summary>When the stage's first worker started.</summary>
    public DateTime? StartTime { get; init; }

    /// <summary>When the stage ended.</summary>
    public DateTime? CompletionTime { get; init; }

    /// <summary>While waiting before an attempt: when it may begin.</summary>
    public DateTime? NextAttemptTime { get; init; }

    /// <summary>While it is being stopped: why, in one word, so that an end which the operator caused is not counted as another's.</summary>
    [MaxLength(32)]
    public string? StopReason { get; init; }

    /// <summary>SHA-256 (hex) of the task file's bytes.</summary>
    [MaxLength(64)]
    public string? TaskDigest { get; init; }

    /// <summary>SHA-256 (hex) of what decides the stage's numbers.</summary>
    [MaxLength(64)]
    public string? InputDigest { get; init; }

    /// <summary>How far the attempt is, as last heard from its worker.</summary>
    public ProgressStatus? Progress { get; init; }

    /// <summary>The newest checkpoint that is known; at the end, the last.</summary>
    public CheckpointStatus? Checkpoint { get; init; }

    /// <summary>When it became durable, as its worker said while it ran.</summary>
    public DateTime? CheckpointTime { get; init; }

    /// <summary>The checkpoint that did best on the stage's validation set.</summary>
    public CheckpointStatus? Best { get; init; }

    /// <summary>Further checkpoints that others can start from, by step; the newest of them when there are too many.</summary>
    [MaxLength(16)]
    public IList<CheckpointStatus>? Kept { get; init; }
}
