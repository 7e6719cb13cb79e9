namespace Ppma.Datasets.Caching;

/// <summary>A file that a cache's folder holds.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Key">Name of its key.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="LastUse">When it was last used, UTC.</param>
/// <param name="IsArriving">Whether it is being fetched, or was when its process ended.</param>
internal sealed record CacheFile(string Path, string Key, long Bytes, DateTime LastUse, bool IsArriving);
