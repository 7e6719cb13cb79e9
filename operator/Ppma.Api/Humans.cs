namespace Ppma.Api;

/// <summary>Who is in the footage.</summary>
public enum Humans
{
    /// <summary>Nobody ever was.</summary>
    None,

    /// <summary>People were there and were removed.</summary>
    Removed,

    /// <summary>Rendered figures only.</summary>
    Synthetic,

    /// <summary>Real people.</summary>
    Real,
}
