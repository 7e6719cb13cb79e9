namespace Ppma.Api.Runs;

/// <summary>How the members' weights are joined.</summary>
public enum EnsembleMethod
{
    /// <summary>The plain mean.</summary>
    Average,

    /// <summary>One learned score a member, softmax over the scores.</summary>
    AdaptiveAverage,
}
