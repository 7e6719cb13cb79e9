namespace Ppma.Datasets.Packing;

/// <summary>A shard whose upload is committed, with its offsets.</summary>
internal sealed record UploadedShard(string Name, string? Sha256, string? ETag, string OffsetsName, string? OffsetsETag);
