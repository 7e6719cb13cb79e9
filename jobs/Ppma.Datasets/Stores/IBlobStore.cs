namespace Ppma.Datasets.Stores;

/// <summary>The files of one data set, wherever they lie. Names are relative to <see cref="Uri"/>, with forward slashes. Thread-safe.</summary>
public interface IBlobStore
{
    /// <summary>The folder or container, for messages and records.</summary>
    Uri Uri { get; }

    /// <summary>Size of a file in bytes.</summary>
    /// <exception cref="StoreException">The file is missing, not readable, or the store does not answer.</exception>
    ValueTask<long> GetLengthAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Fills the whole buffer with the bytes from <paramref name="offset"/> on.</summary>
    /// <exception cref="StoreException">As for the length, or the file ends before the buffer is full.</exception>
    ValueTask ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>Where a file lies, as messages name it: a path on this machine, else a URI.</summary>
    string Locate(string name)
    {
        var uri = new Uri(Uri, name);
        return uri.IsFile ? uri.LocalPath : uri.AbsoluteUri;
    }
}
