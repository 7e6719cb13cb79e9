using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Tests.Packing;

/// <summary>A remote store in memory, with versions, that counts what it is sent and can fail.</summary>
internal sealed class RemoteFolder : IBlobStore
{
    private int _version;

    public ConcurrentDictionary<string, (byte[] Bytes, string ETag)> Blobs { get; } = new(StringComparer.Ordinal);

    /// <summary>Names in the order in which they were written.</summary>
    public ConcurrentQueue<string> Written { get; } = [];

    /// <summary>Fails the write of this name, before or after it is there.</summary>
    public (string Name, bool After)? Failing { get; set; }

    public Uri Uri { get; } = new("https://store.example/container");

    public bool IsRemote => true;

    public ValueTask<BlobFacts> GetFactsAsync(string name, CancellationToken cancellationToken = default) => Blobs.TryGetValue(name, out var blob)
        ? ValueTask.FromResult(new BlobFacts(name, blob.Bytes.Length, blob.ETag))
        : throw new StoreException(StoreFailure.NotFound, Locate(name), "there is no such blob", "Pack it");

    public ValueTask ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Blobs[name].Bytes.AsSpan((int)offset, buffer.Length).CopyTo(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public void Pin(string name, string eTag)
    {
    }

    public async IAsyncEnumerable<BlobFacts> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (string name in Blobs.Keys.Order(StringComparer.Ordinal))
        {
            yield return await GetFactsAsync(name, cancellationToken);
        }
    }

    public async ValueTask WriteAsync(string name, Stream content, bool overwrite, CancellationToken cancellationToken = default)
    {
        if (!overwrite && Blobs.ContainsKey(name))
        {
            throw new StoreException(StoreFailure.AlreadyExists, Locate(name), "there is such a blob already", "Overwrite it");
        }

        ThrowIfFailing((name, false));
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        Blobs[name] = (bytes.ToArray(), $"0x{Interlocked.Increment(ref _version)}");
        Written.Enqueue(name);
        ThrowIfFailing((name, true));
    }

    public string Locate(string name) => $"{Uri}/{name}";

    private void ThrowIfFailing((string Name, bool After) now)
    {
        if (Failing == now)
        {
            Failing = null;
            throw new StoreException(StoreFailure.Unavailable, Locate(now.Name), "the network failed", "Run again");
        }
    }
}
