using System.Security.Cryptography;
using Ppma.Datasets.Caching;
using Ppma.Datasets.Metrics;

namespace Ppma.Datasets.Tests.Caching;

/// <summary>Real processes, really killed.</summary>
public class CacheKillTests
{
    private const int Rounds = 10;
    private const long LimitBytes = 330_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_AtRandomMoments_LeavesOnlyWholeShardsAndOrphansThatAreRemoved()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["ppma-cache.json.notes"], "a stranger's");
        Assert.Throws<ShardCacheException>(() => Open(folder.Path));
        File.Delete(folder["ppma-cache.json.notes"]);
        await using (Open(folder.Path))
        {
        }

        File.WriteAllText(folder["notes.shard"], "a stranger's");
        int orphans = 0;
        var random = new Random(1);
        for (int round = 0; round < Rounds; round++)
        {
            using (var first = new CacheChild(folder.Path, LimitBytes, seed: 2 * round, reads: 0))
            using (var second = new CacheChild(folder.Path, LimitBytes, seed: (2 * round) + 1, reads: 0))
            {
                foreach (CacheChild child in new[] { first, second })
                {
                    await child.ReadingAsync(Cancellation);
                    await Task.Delay(random.Next(250), Cancellation);
                    await child.KillAsync(Cancellation);
                }
            }

            orphans += Directory.GetFiles(folder.Path, "*.tmp").Length;
            AssertShards(folder.Path);
            await using var bench = new CacheBench(folder.Path, CacheChild.Shards, LimitBytes);
            Assert.Empty(Directory.GetFiles(folder.Path, "*.tmp"));
            await bench.ReadAsync(round % CacheChild.Shards.Length);
        }

        Assert.True(orphans > 0, "No kill found a fetch on its way: the test shows nothing.");
        Assert.Equal("a stranger's", File.ReadAllText(folder["notes.shard"]));
    }

    [Fact]
    public async Task TwoProcesses_OnOneSmallCache_BothReadRightAndKeepTheLimit()
    {
        using var folder = new TempFolder();
        using var first = new CacheChild(folder.Path, LimitBytes, seed: 1, reads: 150);
        using var second = new CacheChild(folder.Path, LimitBytes, seed: 2, reads: 150);
        Task ended = Task.WhenAll(first.EndAsync(Cancellation), second.EndAsync(Cancellation));
        while (!ended.IsCompleted)
        {
            Assert.InRange(CacheBench.BytesIn(folder.Path), 0, LimitBytes);
            await Task.Delay(1, Cancellation);
        }

        await ended;
        Assert.Empty(Directory.GetFiles(folder.Path, "*.tmp"));
        AssertShards(folder.Path);
    }

    private static ShardCache Open(string folder) =>
        ShardCache.Open(new ShardCacheOptions { Folder = folder, LimitBytes = LimitBytes, Metrics = new StreamMetrics() });

    private static void AssertShards(string folder)
    {
        Assert.InRange(CacheBench.BytesIn(folder), 0, LimitBytes + "a stranger's".Length);
        foreach (string path in Directory.GetFiles(folder, "*.shard").Where(path => Path.GetFileName(path) != "notes.shard"))
        {
            Assert.Equal(Path.GetFileNameWithoutExtension(path), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
        }
    }
}
