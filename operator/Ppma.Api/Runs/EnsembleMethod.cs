namespace Ppma.Api.Runs;

/// <summary>How the members' weights are joined.</summary>
public enum EnsembleMethod
{
    /// <summary>The plain mean.</summary>
    Average,

    /// <summary>Learned scores, softmax over them; a linear probe learns them together with its head.</summary>
    AdaptiveAverage,
}
