namespace Ppma.Datasets.Packing;

/// <summary>What a writer found when it began.</summary>
public enum PackingStart
{
    /// <summary>Nothing that could be gone on with.</summary>
    Fresh,

    /// <summary>Complete shards of an interrupted write of the same samples, which are kept.</summary>
    Continued,

    /// <summary>An interrupted write of other samples, or with other options, which was removed.</summary>
    Replaced,
}
