using Azure;
using Azure.Core;
using Azure.Storage;
using Azure.Storage.Blobs;

namespace Ppma.Datasets.Stores;

/// <summary>What signs requests: one of the four ways that Azure knows.</summary>
/// <param name="Secret">Tells whether a file holds another secret than before; empty where the credential renews itself.</param>
internal abstract record AzureSigner(string Secret)
{
    public abstract BlobServiceClient Open(Uri service, BlobClientOptions options);

    /// <summary>A record would print the secret.</summary>
    public sealed override string ToString() => GetType().Name;
}

internal sealed record AnonymousSigner() : AzureSigner("")
{
    public override BlobServiceClient Open(Uri service, BlobClientOptions options) => new(service, options);
}

internal sealed record TokenSigner(TokenCredential Token) : AzureSigner("")
{
    public override BlobServiceClient Open(Uri service, BlobClientOptions options) => new(service, Token, options);
}

internal sealed record KeySigner(StorageSharedKeyCredential Key, string Secret) : AzureSigner(Secret)
{
    public override BlobServiceClient Open(Uri service, BlobClientOptions options) => new(service, Key, options);
}

internal sealed record SasSigner(AzureSasCredential Token, string Secret) : AzureSigner(Secret)
{
    public override BlobServiceClient Open(Uri service, BlobClientOptions options) => new(service, Token, options);
}
