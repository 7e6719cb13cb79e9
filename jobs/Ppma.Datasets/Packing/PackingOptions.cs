using Ppma.Datasets.Indexing;

namespace Ppma.Datasets.Packing;

/// <summary>How a data set is cut into files, and what becomes of an interrupted write.</summary>
public sealed record PackingOptions
{
    /// <summary>Largest shard in bytes; a single sample that is larger gets a shard of its own.</summary>
    public long ShardBytes { get; init; } = 64L << 20;

    /// <summary>Replace a complete data set that is there already.</summary>
    public bool Overwrite { get; init; }

    /// <summary>
    /// Names exactly what is written: options and sources. A write that was interrupted under the same name goes on behind its
    /// last complete shard, and a writer that is disposed before its end leaves its complete shards for the next one. Null:
    /// every write begins anew and leaves nothing.
    /// </summary>
    public string? ResumeKey { get; init; }

    /// <summary>
    /// Whether a complete shard of the interrupted write is kept elsewhere (was uploaded), so that its tar may be missing. Its
    /// offsets file may not.
    /// </summary>
    public Func<ShardEntry, bool> IsKeptElsewhere { get; init; } = _ => false;
}
