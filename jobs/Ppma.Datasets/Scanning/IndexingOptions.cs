using Ppma.Datasets.Indexing;

namespace Ppma.Datasets.Scanning;

/// <summary>What an index says of shards that cannot say it themselves, and how they are read.</summary>
public sealed record IndexingOptions
{
    public required HumanPresence Humans { get; init; }

    /// <summary>SPDX identifier, or the terms in words.</summary>
    public string Licence { get; init; } = "unknown";

    /// <summary>Name of the data set; null takes the last part of its URI.</summary>
    public string? Name { get; init; }

    /// <summary>Class names in the order of the labels; null takes them from the samples.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The split of all shards; null takes it from the shards' names (<see cref="SplitNames"/>).</summary>
    public string? Split { get; init; }

    /// <summary>The column that holds the video; null takes the only one that can.</summary>
    public string? VideoColumn { get; init; }

    /// <summary>Whether every byte is read and hashed. Always so where files have no ETags, because nothing else could vouch for them.</summary>
    public bool Hash { get; init; }

    /// <summary>Whether an index that is there may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Shards that are read at a time.</summary>
    public int ParallelShards { get; init; } = 8;
}
