namespace Ppma.Datasets.Stores;

/// <summary>A small blob.</summary>
/// <param name="Bytes">All of it.</param>
/// <param name="Version">Its ETag, without quotes.</param>
public sealed record VersionedBytes(byte[] Bytes, string Version);
