using System.Diagnostics;
using System.Globalization;
using Ppma.Datasets.Caching;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Metrics;

namespace Ppma.Datasets.Tests.Caching;

/// <summary>This program started again as a process that reads shards through a cache, over and over or a number of times.</summary>
internal sealed class CacheChild : IDisposable
{
    private readonly Process _process;

    /// <param name="folder">The cache's folder.</param>
    /// <param name="limitBytes">Its limit.</param>
    /// <param name="seed">Decides what is read.</param>
    /// <param name="reads">How many reads; 0 for no end.</param>
    public CacheChild(string folder, long limitBytes, int seed, int reads)
    {
        string[] numbers = [.. new[] { limitBytes, seed, reads }.Select(number => number.ToString(CultureInfo.InvariantCulture))];
        _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["cache", folder, .. numbers])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    /// <summary>Shards of all children: three quarters of a megabyte, so that a kill finds a fetch on its way.</summary>
    public static ShardEntry[] Shards { get; } = CacheBench.Sized([.. Enumerable.Range(0, 8).Select(i => 60_000 + (i * 10_007))]);

    /// <summary>Reads random parts of random shards, with random expectations, and exits 1 at the first wrong byte.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        long limitBytes = long.Parse(args[1], CultureInfo.InvariantCulture);
        var random = new Random(int.Parse(args[2], CultureInfo.InvariantCulture));
        int reads = int.Parse(args[3], CultureInfo.InvariantCulture);
        var metrics = new StreamMetrics();
        await using ShardCache cache = ShardCache.Open(new ShardCacheOptions
        {
            Folder = args[0],
            LimitBytes = limitBytes,
            DirectReadBytes = 0,
            Metrics = metrics,
            RoomPatience = TimeSpan.FromMilliseconds(50),
        });
        var source = new CachedShards(cache, new FakeStore(pieceBytes: 8 << 10) { BeforePiece = (_, stop) => Task.Delay(1, stop) }, Shards, metrics);
        Console.WriteLine("ready");
        for (int read = 0; reads == 0 || read < reads; read++)
        {
            if (read % 5 == 0)
            {
                source.Expect([.. Enumerable.Range(0, 2).Select(_ => Shards[random.Next(Shards.Length)])]);
            }

            int number = random.Next(Shards.Length);
            byte[] content = FakeStore.Content(number, (int)Shards[number].Bytes);
            int offset = random.Next(content.Length);
            byte[] found = new byte[Math.Min(5000, content.Length - offset)];
            await source.ReadAsync(Shards[number], offset, found, CancellationToken.None);
            if (!content.AsSpan(offset, found.Length).SequenceEqual(found))
            {
                await Console.Error.WriteLineAsync($"shard {number} has wrong bytes from {offset}");
                return 1;
            }
        }

        return 0;
    }

    /// <summary>Waits until the child reads.</summary>
    public async Task ReadingAsync(CancellationToken cancellationToken) =>
        Assert.Equal("ready", await _process.StandardOutput.ReadLineAsync(cancellationToken));

    /// <summary>kill -9.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        Assert.False(_process.HasExited, "The child ended by itself.");
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Waits for its end, which must be a good one.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        string errors = await _process.StandardError.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        Assert.True(_process.ExitCode == 0, errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
