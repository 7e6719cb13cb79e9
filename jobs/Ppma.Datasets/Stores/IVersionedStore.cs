namespace Ppma.Datasets.Stores;

/// <summary>
/// A folder of blobs that several writers may share: every change names the version (ETag) that it replaces, and happens only if that is still
/// the version there. Names are relative to <see cref="Uri"/>, with forward slashes. Thread-safe.
/// </summary>
public interface IVersionedStore
{
    /// <summary>The folder, for messages. Never holds a token.</summary>
    Uri Uri { get; }

    /// <summary>All blobs below <see cref="Uri"/> and their versions, by name in ordinal order.</summary>
    /// <exception cref="StoreException">The container is missing or cannot be listed.</exception>
    Task<IReadOnlyList<BlobFacts>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>A small blob, whole; null when there is none.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    Task<VersionedBytes?> ReadAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>The version of a blob; null when there is none.</summary>
    /// <exception cref="StoreException">The store does not answer.</exception>
    Task<string?> FindVersionAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Writes a blob, in blocks that are committed together at the end: it is whole or as before.</summary>
    /// <param name="name">Name of the blob.</param>
    /// <param name="content">Read from its position to its end; can go back.</param>
    /// <param name="replaces">The version that is replaced; null where there must be none.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>
    /// The new version; null when another version was there. That may be this very content, if the answer to a first try was lost.
    /// </returns>
    /// <exception cref="StoreException">It cannot be written.</exception>
    Task<string?> WriteAsync(string name, Stream content, string? replaces, CancellationToken cancellationToken = default);

    /// <summary>Gives a blob another version and leaves its content: no change that names the old version can follow.</summary>
    /// <returns>The new version; null when another version was there, or none.</returns>
    /// <exception cref="StoreException">It cannot be changed.</exception>
    Task<string?> RenewAsync(string name, string version, CancellationToken cancellationToken = default);

    /// <summary>Deletes a blob of this version.</summary>
    /// <returns>Whether it is gone; false when another version was there.</returns>
    /// <exception cref="StoreException">It cannot be deleted.</exception>
    Task<bool> DeleteAsync(string name, string version, CancellationToken cancellationToken = default);

    /// <summary>Copies one version of a blob to a file of this machine, in ranges.</summary>
    /// <exception cref="StoreException">It is another version by now, or cannot be read.</exception>
    Task DownloadAsync(BlobFacts facts, string path, CancellationToken cancellationToken = default);
}
