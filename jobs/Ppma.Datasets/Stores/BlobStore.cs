namespace Ppma.Datasets.Stores;

/// <summary>Finds the store for a URI.</summary>
public static class BlobStore
{
    /// <summary>Opens the store of a folder in Azure Blob Storage (<c>https:</c>), of a <c>file:</c> URI or of a local path. Nothing is read yet.</summary>
    /// <exception cref="StoreException">The URI is of another kind (<see cref="StoreFailure.UnsupportedUri"/>).</exception>
    public static IBlobStore Open(string uri, StoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(uri);
        if (!uri.Contains(':', StringComparison.Ordinal))
        {
            return new LocalStore(uri);
        }

        if (Uri.TryCreate(uri, UriKind.Absolute, out Uri? parsed) && parsed is { IsFile: true, Host: "" })
        {
            return new LocalStore(parsed.LocalPath);
        }

        if (parsed is not null && (parsed.Scheme == Uri.UriSchemeHttps || parsed.Scheme == Uri.UriSchemeHttp))
        {
            return new AzureBlobStore(AzureLocation.Parse(parsed), options ?? new StoreOptions());
        }

        throw new StoreException(
            StoreFailure.UnsupportedUri, uri.Split('?')[0], "this kind of URI is not served",
            "Use https://ACCOUNT.blob.core.windows.net/CONTAINER/FOLDER, a file: URI (file:///data/clips) or a local path");
    }

    /// <summary>Opens a folder in Azure Blob Storage for several writers. Nothing is read yet.</summary>
    /// <exception cref="StoreException">The URI is of another kind (<see cref="StoreFailure.UnsupportedUri"/>).</exception>
    public static IVersionedStore OpenVersioned(string uri, StoreOptions options) =>
        Uri.TryCreate(uri, UriKind.Absolute, out Uri? parsed) && (parsed.Scheme == Uri.UriSchemeHttps || parsed.Scheme == Uri.UriSchemeHttp)
            ? new AzureVersionedStore(AzureLocation.Parse(parsed), options)
            : throw new StoreException(
                StoreFailure.UnsupportedUri, uri.Split('?')[0], "this is no container of blob storage",
                "Use https://ACCOUNT.blob.core.windows.net/CONTAINER/FOLDER");
}
