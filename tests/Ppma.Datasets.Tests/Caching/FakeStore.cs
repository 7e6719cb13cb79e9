using System.Security.Cryptography;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Ranges;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Tests.Caching;

/// <summary>Shards of a remote store whose bytes follow from their number, given in pieces out of order.</summary>
internal sealed class FakeStore(int pieceBytes = 1 << 10) : IRangeStore
{
    private long _bytesRead;
    private int _copies;

    public Uri Uri { get; } = new("https://store.invalid/data/");

    public bool IsRemote => true;

    /// <summary>Bytes that were asked for, by whole shards and by single reads.</summary>
    public long BytesRead => Volatile.Read(ref _bytesRead);

    /// <summary>Whole shards that were asked for.</summary>
    public int Copies => Volatile.Read(ref _copies);

    /// <summary>Waited for before each piece of a copy.</summary>
    public Func<long, CancellationToken, Task> BeforePiece { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Changes the bytes of a copy (number of the copy from 0, offset, bytes).</summary>
    public Action<int, long, byte[]> Damage { get; set; } = (_, _, _) => { };

    public static byte[] Content(int number, int bytes)
    {
        byte[] content = new byte[bytes];
        new Random(number).NextBytes(content);
        return content;
    }

    public static ShardEntry Shard(int number, int bytes) => new()
    {
        Name = $"train-{number:d6}.tar",
        Split = "train",
        Bytes = bytes,
        Samples = 1,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(Content(number, bytes))),
        Offsets = new OffsetsFile($"train-{number:d6}.tar.idx", new string('0', 64)),
    };

    public async ValueTask CopyAsync(string name, long offset, long length, IRangeSink sink, CancellationToken cancellationToken = default)
    {
        int copy = Interlocked.Increment(ref _copies) - 1;
        byte[] content = ContentOf(name, (int)(offset + length));
        long[] starts = [.. Enumerable.Range(0, (int)((length + pieceBytes - 1) / pieceBytes)).Select(i => offset + ((long)i * pieceBytes))];
        new Random(copy).Shuffle(starts);
        foreach (long start in starts)
        {
            await BeforePiece(start, cancellationToken);
            byte[] piece = content[(int)start..(int)Math.Min(start + pieceBytes, offset + length)];
            Damage(copy, start, piece);
            Interlocked.Add(ref _bytesRead, piece.Length);
            await sink.WriteAsync(start, piece, cancellationToken);
        }
    }

    public ValueTask ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ContentOf(name, (int)offset + buffer.Length).AsSpan((int)offset).CopyTo(buffer.Span);
        Interlocked.Add(ref _bytesRead, buffer.Length);
        return ValueTask.CompletedTask;
    }

    public ValueTask<BlobFacts> GetFactsAsync(string name, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public void Pin(string name, string eTag)
    {
    }

    public IAsyncEnumerable<BlobFacts> ListAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask WriteAsync(string name, Stream content, bool overwrite, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public string Locate(string name) => new Uri(Uri, name).AbsoluteUri;

    private static byte[] ContentOf(string name, int bytes) =>
        Content(int.Parse(name.AsSpan("train-".Length, 6), System.Globalization.CultureInfo.InvariantCulture), bytes);
}
