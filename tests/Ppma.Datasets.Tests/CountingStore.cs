using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Tests;

/// <summary>A remote store in memory: files have ETags and can be pinned; reads are counted.</summary>
internal sealed class CountingStore : IBlobStore, IEnumerable<string>
{
    private readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _pins = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _written = [];
    private int _requests;
    private long _bytesRead;

    public Uri Uri { get; } = new("https://store.example/clips/");

    public bool IsRemote => true;

    public int Requests => _requests;

    public long BytesRead => _bytesRead;

    /// <summary>The name whose writing fails; null for none.</summary>
    public string? FailsToWrite { get; set; }

    /// <summary>Names in the order in which they were written.</summary>
    public IEnumerable<string> Written => _written;

    public byte[] this[string name]
    {
        get => _files[name];
        set => _files[name] = value;
    }

    public FileWindow Window(string name) => new(this, Facts(name));

    public ValueTask<BlobFacts> GetFactsAsync(string name, CancellationToken cancellationToken = default) => ValueTask.FromResult(Facts(name));

    public ValueTask ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _bytesRead, buffer.Length);
        string eTag = Facts(name).ETag!;
        if (_pins.GetOrAdd(name, eTag) != eTag)
        {
            throw new StoreException(StoreFailure.Changed, Locate(name), "the file changed", "Begin again");
        }

        _files[name].AsSpan((int)offset, buffer.Length).CopyTo(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public void Pin(string name, string eTag) => _pins[name] = eTag;

    public async IAsyncEnumerable<BlobFacts> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (string name in _files.Keys.Order(StringComparer.Ordinal))
        {
            yield return await GetFactsAsync(name, cancellationToken);
        }
    }

    public async ValueTask WriteAsync(string name, Stream content, bool overwrite, CancellationToken cancellationToken = default)
    {
        if (!overwrite && _files.ContainsKey(name))
        {
            throw new StoreException(StoreFailure.AlreadyExists, Locate(name), "there is such a file already", "Overwrite it");
        }

        if (name == FailsToWrite)
        {
            throw new StoreException(StoreFailure.Unavailable, Locate(name), "the upload failed", "Run again");
        }

        var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);
        _files[name] = copy.ToArray();
        _pins.TryRemove(name, out _);
        _written.Enqueue(name);
    }

    public string Locate(string name) => Uri + name;

    public IEnumerator<string> GetEnumerator() => _files.Keys.Order(StringComparer.Ordinal).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private BlobFacts Facts(string name) => _files.TryGetValue(name, out byte[]? bytes)
        ? new BlobFacts(name, bytes.Length, string.Create(CultureInfo.InvariantCulture, $"0x{Convert.ToHexString(XxHash3.Hash(bytes))}"))
        : throw new StoreException(StoreFailure.NotFound, Locate(name), "there is no such file", "Check the URI");
}
