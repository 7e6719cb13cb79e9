namespace Ppma.Operator.Attempts;

/// <summary>What ended an attempt, beside what the exit code says.</summary>
public enum EndCause
{
    /// <summary>The worker's process ended, and nothing else is known to have ended it.</summary>
    Exited,

    /// <summary>The kernel killed it for using more memory than the container's limit.</summary>
    OutOfMemory,

    /// <summary>It used more ephemeral storage than a limit of its own, and the node evicted it.</summary>
    OutOfStorage,

    /// <summary>An init container failed, so the worker never ran.</summary>
    NeverStarted,

    /// <summary>Preempted, evicted, drained, or turned away by its node.</summary>
    Disrupted,

    /// <summary>The node does not answer any more.</summary>
    NodeLost,

    /// <summary>The Job or the pod was deleted.</summary>
    Deleted,
}
