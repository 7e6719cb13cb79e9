using Ppma.Datasets.Caching;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Metrics;

namespace Ppma.Datasets.Tests.Caching;

/// <summary>A cache in front of a fake store, and the shards of one size that it serves.</summary>
internal sealed class CacheBench : IAsyncDisposable
{
    public CacheBench(string folder, ShardEntry[] shards, long limitBytes, long directReadBytes = 0, TimeProvider? time = null)
    {
        Shards = shards;
        Cache = ShardCache.Open(new ShardCacheOptions
        {
            Folder = folder,
            LimitBytes = limitBytes,
            DirectReadBytes = directReadBytes,
            Metrics = Metrics,
            TimeProvider = time ?? TimeProvider.System,
            RoomPatience = TimeSpan.FromMilliseconds(100),
            PeerPatience = TimeSpan.FromMilliseconds(500),
        });
        Source = new CachedShards(Cache, Store, shards, Metrics);
    }

    public FakeStore Store { get; } = new();

    public ShardEntry[] Shards { get; }

    public StreamMetrics Metrics { get; } = new();

    public ShardCache Cache { get; }

    public CachedShards Source { get; }

    public static ShardEntry[] Sized(params int[] bytes) => [.. bytes.Select((size, number) => FakeStore.Shard(number, size))];

    /// <summary>Bytes of all shards in a folder, whole or arriving, at one moment.</summary>
    public static long BytesIn(string folder)
    {
        using FolderLock.Held? moment = new FolderLock(Path.Combine(folder, "ppma-cache.lock")).TryEnter(TimeSpan.FromMinutes(1));
        Assert.NotNull(moment);
        return new DirectoryInfo(folder).EnumerateFiles()
            .Where(file => file.Extension is ".shard" or ".tmp")
            .Sum(file => file.Exists ? file.Length : 0);
    }

    /// <summary>Numbers of the shards that are whole in the folder.</summary>
    public int[] Present() => [.. Enumerable.Range(0, Shards.Length).Where(number => File.Exists(PathOf(number)))];

    public string PathOf(int number) => Path.Combine(Cache.Folder, $"{Shards[number].Sha256}.shard");

    /// <summary>Reads a part of a shard and compares it.</summary>
    public async Task ReadAsync(int number, int offset = 0, int? length = null)
    {
        byte[] expected = FakeStore.Content(number, (int)Shards[number].Bytes)[offset..(offset + (length ?? (int)Shards[number].Bytes - offset))];
        byte[] found = new byte[expected.Length];
        await Source.ReadAsync(Shards[number], offset, found, TestContext.Current.CancellationToken);
        Assert.True(expected.AsSpan().SequenceEqual(found), $"shard {number} from {offset}");
    }

    public void Expect(params int[] numbers) => Source.Expect([.. numbers.Select(number => Shards[number])]);

    public ValueTask DisposeAsync() => Cache.DisposeAsync();
}
