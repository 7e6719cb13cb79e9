namespace Ppma.Datasets.Stores;

/// <summary>What a store says of one file.</summary>
/// <param name="Name">Relative to the store's URI, with forward slashes.</param>
/// <param name="Length">Size in bytes.</param>
/// <param name="ETag">Names this version of the file, without quotes; null for local files, which have none.</param>
public sealed record BlobFacts(string Name, long Length, string? ETag);
