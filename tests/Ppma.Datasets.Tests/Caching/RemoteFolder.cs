using Ppma.Datasets.Ranges;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Tests.Caching;

/// <summary>A folder of this machine that is read as if it lay beyond a network.</summary>
internal sealed class RemoteFolder(string folder) : IRangeStore
{
    private readonly IBlobStore _folder = BlobStore.Open(folder);

    public Uri Uri { get; } = new("https://store.invalid/clips/");

    public bool IsRemote => true;

    /// <summary>Changes the bytes that a single read or a copy gives.</summary>
    public Action<string, Memory<byte>> Damage { get; set; } = (_, _) => { };

    public ValueTask<BlobFacts> GetFactsAsync(string name, CancellationToken cancellationToken = default) => _folder.GetFactsAsync(name, cancellationToken);

    public async ValueTask ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _folder.ReadAsync(name, offset, buffer, cancellationToken);
        Damage(name, buffer);
    }

    public async ValueTask CopyAsync(string name, long offset, long length, IRangeSink sink, CancellationToken cancellationToken = default)
    {
        byte[] bytes = new byte[length];
        await ReadAsync(name, offset, bytes, cancellationToken);
        await sink.WriteAsync(offset, bytes, cancellationToken);
    }

    public void Pin(string name, string eTag)
    {
    }

    public IAsyncEnumerable<BlobFacts> ListAsync(CancellationToken cancellationToken = default) => _folder.ListAsync(cancellationToken);

    public ValueTask WriteAsync(string name, Stream content, bool overwrite, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public string Locate(string name) => new Uri(Uri, name).AbsoluteUri;
}
