namespace Ppma.Api;

/// <summary>How a pre-trained trunk is evaluated.</summary>
public enum Protocol
{
    /// <summary>The trunk is frozen; only a linear head learns.</summary>
    LinearProbe,

    /// <summary>Everything learns.</summary>
    FineTune,
}
