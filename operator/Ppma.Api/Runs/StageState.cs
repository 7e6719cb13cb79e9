namespace Ppma.Api.Runs;

/// <summary>Where a stage is.</summary>
public enum StageState
{
    /// <summary>An earlier stage is not done.</summary>
    Waiting,

    /// <summary>An attempt has a Job and no running worker yet.</summary>
    Starting,

    Running,

    /// <summary>Waiting before the next attempt.</summary>
    BackingOff,

    /// <summary>Suspended or cancelled; its pods may still be ending.</summary>
    Stopping,

    Suspended,
    Succeeded,
    Failed,
    Cancelled,
}
