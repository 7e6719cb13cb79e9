using Ppma.Datasets.Metrics;

namespace Ppma.Datasets.Caching;

/// <summary>Where a cache lies and how much it may hold.</summary>
public sealed record ShardCacheOptions
{
    /// <summary>A folder of the cache's own, on a local disk. Processes of the machine may share it.</summary>
    public required string Folder { get; init; }

    /// <summary>Bytes that the folder may take at most; null: half of what is free there and what the cache already takes.</summary>
    public long? LimitBytes { get; init; }

    /// <summary>
    /// How many bytes of samples this process reads straight from their stores at first, so that the first batches do not wait for
    /// whole shards.
    /// </summary>
    public long DirectReadBytes { get; init; } = 64L << 20;

    /// <summary>Shards that are fetched or checked side by side.</summary>
    public int ShardsAtATime { get; init; } = 3;

    public StreamMetrics Metrics { get; init; } = new();

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How long a read waits for others to give room free before it goes past the cache.</summary>
    internal TimeSpan RoomPatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long another process that fetches the same shard may write nothing before this one fetches it as well.</summary>
    internal TimeSpan PeerPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Free bytes of the folder's disk.</summary>
    internal Func<string, long> FreeBytes { get; init; } = folder => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>Bytes of the folder's disk, free or not.</summary>
    internal Func<string, long> DiskBytes { get; init; } = folder => new DriveInfo(folder).TotalSize;
}
