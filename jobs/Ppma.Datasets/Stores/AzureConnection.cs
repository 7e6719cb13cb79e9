using Azure.Core.Pipeline;
using Ppma.Datasets.Ranges;

namespace Ppma.Datasets.Stores;

/// <summary>
/// The client in use. When the service refuses it, the credentials are asked again, and if they have become others the operation runs once
/// more: a rotated token takes effect without a restart. Thread-safe.
/// </summary>
internal sealed class AzureConnection(AzureLocation location, AzureCredentials credentials, HttpPipelineTransport transport)
{
    private readonly Lock _lock = new();
    private volatile AzureClient? _client;

    public AzureLocation Location { get; } = location;

    public AzureCredentials Credentials { get; } = credentials;

    /// <summary>Runs one operation on the thing at an address; its failures become ours.</summary>
    /// <exception cref="StoreException">No further try would help.</exception>
    /// <exception cref="TransientRangeException">Another try may help.</exception>
    public async Task<T> RunAsync<T>(string address, Func<AzureClient, CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        AzureClient client = _client ?? Renew(refused: null)!;
        try
        {
            return await TryAsync(client, address, operation, cancellationToken);
        }
        catch (StoreException denied) when (denied.Failure == StoreFailure.PermissionDenied)
        {
            if (Renew(client) is not { } renewed)
            {
                throw;
            }

            return await TryAsync(renewed, address, operation, cancellationToken);
        }
    }

    private async Task<T> TryAsync<T>(
        AzureClient client, string address, Func<AzureClient, CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        try
        {
            return await operation(client, cancellationToken);
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested
            && AzureFailure.Explain(problem, address, Credentials) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>A client signed otherwise than the refused one; null when there is none.</summary>
    private AzureClient? Renew(AzureClient? refused)
    {
        lock (_lock)
        {
            if (_client != refused)
            {
                return _client;
            }

            AzureSigner signer = Credentials.Sign(Location);
            return signer.Secret == refused?.Signer.Secret ? null : _client = new AzureClient(Location, signer, transport);
        }
    }
}
