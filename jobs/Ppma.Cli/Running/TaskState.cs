namespace Ppma.Cli.Running;

/// <summary>Where a planned task stands.</summary>
internal enum TaskState
{
    Waiting,
    Running,
    Done,
    Failed,

    /// <summary>Stopped at a step because the person asked; the same command continues it.</summary>
    Interrupted,

    /// <summary>Never started: something it needs failed, or the person stopped before.</summary>
    NotRun,
}
