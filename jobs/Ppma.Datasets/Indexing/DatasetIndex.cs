using System.Text.Json.Nodes;

namespace Ppma.Datasets.Indexing;

/// <summary>What <c>index.json</c> says (docs/reference/dataset-format.md). Always valid: <see cref="IndexJson"/> checks it.</summary>
public sealed record DatasetIndex
{
    /// <summary>The version of the format that is read and written.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Name of the file, in the root of the data set.</summary>
    public const string FileName = "index.json";

    /// <summary>Its name where <see cref="FileName"/> is the index of another format, which stays as it is (MDS, wids).</summary>
    public const string FileNameBesideOthers = "ppma-index.json";

    public required string Name { get; init; }

    public required HumanPresence Humans { get; init; }

    /// <summary>SPDX identifier, or the terms in words.</summary>
    public required string Licence { get; init; }

    /// <summary>Class names; a label is a position here. Empty means that the samples carry no labels.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>What ties the shards' bytes to this index. The default value is SHA-256.</summary>
    public ShardHashing Hashing { get; init; }

    /// <summary>How the data came to be, in any fields; part of the digest.</summary>
    public required JsonObject Provenance { get; init; }

    public required IReadOnlyList<ShardEntry> Shards { get; init; }

    /// <summary>Samples in all shards.</summary>
    public long Samples => Shards.Sum(shard => (long)shard.Samples);

    /// <summary>Bytes of all shards.</summary>
    public long Bytes => Shards.Sum(shard => shard.Bytes);

    /// <summary>The splits, in the order in which the shards first name them.</summary>
    public IEnumerable<string> Splits => Shards.Select(shard => shard.Split).Distinct(StringComparer.Ordinal);
}
