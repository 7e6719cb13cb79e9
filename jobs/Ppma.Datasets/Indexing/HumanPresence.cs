namespace Ppma.Datasets.Indexing;

/// <summary>Who is in the footage, as the data set's maker declares it.</summary>
public enum HumanPresence
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
