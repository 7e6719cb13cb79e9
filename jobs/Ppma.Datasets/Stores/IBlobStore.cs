namespace Ppma.Datasets.Stores;

/// <summary>
/// The files of one data set, wherever they lie. Names are relative to <see cref="Uri"/>, with forward slashes. Thread-safe.
/// </summary>
public interface IBlobStore
{
    /// <summary>The folder or container, for messages and records. Never holds a token.</summary>
    Uri Uri { get; }

    /// <summary>Whether reads cross a network: then shards are worth caching, and files have ETags.</summary>
    bool IsRemote { get; }

    /// <summary>Size and version of a file.</summary>
    /// <exception cref="StoreException">The file is missing, not readable, or the store does not answer.</exception>
    ValueTask<BlobFacts> GetFactsAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Fills the whole buffer with the bytes from <paramref name="offset"/> on, all of one version of the file.</summary>
    /// <exception cref="StoreException">
    /// As for the facts, or the file ends before the buffer is full, or it changed since it was first read (<see cref="StoreFailure.Changed"/>).
    /// </exception>
    ValueTask ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>Says which version every later read of a file must have. Local files have no versions and ignore it.</summary>
    void Pin(string name, string eTag);

    /// <summary>All files below <see cref="Uri"/>, by name in ordinal order.</summary>
    /// <exception cref="StoreException">The folder or container is missing or cannot be listed.</exception>
    IAsyncEnumerable<BlobFacts> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Writes a file that is whole or absent, whatever happens meanwhile.</summary>
    /// <param name="name">Name of the file.</param>
    /// <param name="content">Read from its position to its end.</param>
    /// <param name="overwrite">Whether a file that is there may be replaced.</param>
    /// <param name="cancellationToken">Stops the writing; nothing is left behind.</param>
    /// <exception cref="StoreException">
    /// There is one already (<see cref="StoreFailure.AlreadyExists"/>), or it cannot be written.
    /// </exception>
    ValueTask WriteAsync(string name, Stream content, bool overwrite, CancellationToken cancellationToken = default);

    /// <summary>Where a file lies, as messages name it: a path on this machine, else a URI.</summary>
    string Locate(string name);
}
