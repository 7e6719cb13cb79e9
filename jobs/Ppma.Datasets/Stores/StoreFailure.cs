namespace Ppma.Datasets.Stores;

/// <summary>Why a store could not give the bytes.</summary>
public enum StoreFailure
{
    /// <summary>There is no such file or folder.</summary>
    NotFound,

    /// <summary>It is there, but this process may not read it.</summary>
    PermissionDenied,

    /// <summary>The file ended before the range did.</summary>
    ShortRead,

    /// <summary>The device or the network failed; trying again may help.</summary>
    Unavailable,

    /// <summary>No store serves this kind of URI.</summary>
    UnsupportedUri,

    /// <summary>The file is no longer the version that was read before: the data set changed under the run. Final.</summary>
    Changed,

    /// <summary>There is a file of this name already, and it was not to be replaced.</summary>
    AlreadyExists,
}
