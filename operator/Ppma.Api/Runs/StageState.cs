namespace Ppma.Api.Runs;

/// <summary>Where a stage is.</summary>
public enum StageState
{
    /// <summary>An earlier stage is not done.</summary>
    Waiting,

    /// <summary>An attempt has a Job and no running worker yet.</summary>
    Starting,

    /// <summary>The worker runs.</summary>
    Running,

    /// <summary>Waiting before the next attempt.</summary>
    BackingOff,

    /// <summary>Suspended or cancelled; its pods may still be ending.</summary>
    Stopping,

    /// <summary>Suspended; none of its pods is left.</summary>
    Suspended,

    /// <summary>It has its result.</summary>
    Succeeded,

    /// <summary>It will never have one.</summary>
    Failed,

    /// <summary>The run was cancelled.</summary>
    Cancelled,
}
