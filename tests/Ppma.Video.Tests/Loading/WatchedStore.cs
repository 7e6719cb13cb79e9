using Ppma.Datasets.Stores;

namespace Ppma.Video.Tests.Loading;

/// <summary>A store whose reads of shards a test delays, holds up or fails.</summary>
internal sealed class WatchedStore(IBlobStore store, Func<string, CancellationToken, Task> beforeRead) : IBlobStore
{
    public Uri Uri => store.Uri;

    public bool IsRemote => store.IsRemote;

    public async ValueTask ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (name.EndsWith(".tar", StringComparison.Ordinal))
        {
            await beforeRead(name, cancellationToken);
        }

        await store.ReadAsync(name, offset, buffer, cancellationToken);
    }

    public ValueTask<BlobFacts> GetFactsAsync(string name, CancellationToken cancellationToken = default) => store.GetFactsAsync(name, cancellationToken);

    public void Pin(string name, string eTag) => store.Pin(name, eTag);

    public IAsyncEnumerable<BlobFacts> ListAsync(CancellationToken cancellationToken = default) => store.ListAsync(cancellationToken);

    public ValueTask WriteAsync(string name, Stream content, bool overwrite, CancellationToken cancellationToken = default) =>
        store.WriteAsync(name, content, overwrite, cancellationToken);

    public string Locate(string name) => store.Locate(name);
}
