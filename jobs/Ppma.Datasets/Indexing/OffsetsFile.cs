namespace Ppma.Datasets.Indexing;

/// <summary>The file that says where a shard's samples lie.</summary>
/// <param name="Name">Name relative to the index.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hex.</param>
public sealed record OffsetsFile(string Name, string Sha256);
