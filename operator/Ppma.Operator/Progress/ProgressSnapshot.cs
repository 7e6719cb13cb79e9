using Ppma.Api.Runs;
using Ppma.Api.Tasks;

namespace Ppma.Operator.Progress;

/// <summary>What is known of an attempt from asking its worker.</summary>
internal sealed record ProgressSnapshot
{
    /// <summary>What a worker said longer ago says nothing about now.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(60);

    /// <summary>What status should show: an answer that was worth a write, and not the latest by all means. Null before the first.</summary>
    public ProgressStatus? Shown { get; init; }

    /// <summary>The newest checkpoint of that answer; null where it had none.</summary>
    public CheckpointStatus? Checkpoint { get; init; }

    /// <summary>When that became durable.</summary>
    public DateTime? CheckpointTime { get; init; }

    /// <summary>The latest answer; null before the first.</summary>
    public TaskProgress? Latest { get; init; }

    /// <summary>Since the latest answer, or since the worker was asked first.</summary>
    public required TimeSpan Silence { get; init; }

    /// <summary>From the answer that showed the latest step first to the latest answer. It does not grow while nobody answers.</summary>
    public TimeSpan Unmoved { get; init; }

    /// <summary>Why there was no answer the last time, a part of a sentence about the worker; null when there was one.</summary>
    public string? Problem { get; init; }

    /// <summary>False when nothing is known about now: neither good nor bad.</summary>
    public bool IsReachable => Silence < Fresh;

    /// <summary>
    /// Whether the worker said itself, and not long ago, that no step finished for so long. Silence is never a stall: the network may have failed, or
    /// whoever asks.
    /// </summary>
    public bool IsStalled(TimeSpan deadline) => Latest is not null && IsReachable && Unmoved >= deadline;
}
