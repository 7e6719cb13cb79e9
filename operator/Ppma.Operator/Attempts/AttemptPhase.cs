namespace Ppma.Operator.Attempts;

/// <summary>Where an attempt is, as its Job and pods tell.</summary>
public enum AttemptPhase
{
    /// <summary>There is a Job and nothing that runs for it.</summary>
    NoPod,

    /// <summary>There is a pod whose worker has not started.</summary>
    Pending,

    /// <summary>The worker runs.</summary>
    Running,

    /// <summary>The worker ended, or will never be heard of again.</summary>
    Ended,
}
