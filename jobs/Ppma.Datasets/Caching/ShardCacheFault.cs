namespace Ppma.Datasets.Caching;

/// <summary>Why a cache cannot be used.</summary>
public enum ShardCacheFault
{
    /// <summary>The folder holds files of others, or of another version of the cache.</summary>
    Foreign,

    /// <summary>The limit is below what is needed at once, and so it would be on the empty disk.</summary>
    LimitTooSmall,

    /// <summary>The disk cannot hold what the limit allows, or is full.</summary>
    DiskFull,

    /// <summary>The folder cannot be created, read or written.</summary>
    Inaccessible,
}
