using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;

namespace Ppma.Testing;

/// <summary>
/// A blob store of this machine's own: Azurite on 127.0.0.1, a free port, without telemetry. It ends with this object, and with this
/// process however that ends. Tests share one server a program and take a container each.
/// </summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    /// <summary>Azurite's only account. Its key is published with Azurite and guards nothing.</summary>
    public const string AccountName = "devstoreaccount1";

    /// <inheritdoc cref="AccountName"/>
    public const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>The environment variable that chooses: <c>process</c> (npm package) or <c>container</c> (a Docker engine's).</summary>
    public const string Choice = "PPMA_TEST_AZURITE";

    /// <summary>The one version that the tests are written against, as in <c>azurite/package.json</c>.</summary>
    public const string Version = "3.35.0";

    private static readonly StorageSharedKeyCredential Credential = new(AccountName, AccountKey);

    private readonly TempFolder? _folder;
    private IAsyncDisposable? _host;

    private AzuriteServer(Uri address, IAsyncDisposable host, TempFolder? folder)
    {
        BlobEndpoint = new Uri(address, AccountName);
        _host = host;
        _folder = folder;
    }

    /// <summary>The account's address: <c>http://127.0.0.1:PORT/devstoreaccount1</c>.</summary>
    public Uri BlobEndpoint { get; }

    public string ConnectionString => ConnectionStringAt(BlobEndpoint);

    public BlobServiceClient Service => new(BlobEndpoint, Credential);

    /// <summary>Starts a server and waits until it answers. On disk, in a temporary folder, is for gigabytes; else blobs are in memory.</summary>
    /// <exception cref="InvalidOperationException">It cannot be started; the message says why, and what to do.</exception>
    public static async Task<AzuriteServer> StartAsync(bool onDisk = false, CancellationToken cancellationToken = default)
    {
        TempFolder? folder = onDisk ? new TempFolder("azurite") : null;
        try
        {
            (Uri address, IAsyncDisposable host) = RunsInContainer()
                ? await AzuriteContainer.StartAsync(cancellationToken)
                : await AzuriteProcess.StartAsync(folder?.Path, port: 0, cancellationToken);
            var server = new AzuriteServer(address, host, folder);
            await server.Service.GetPropertiesAsync(cancellationToken);
            return server;
        }
        catch
        {
            folder?.Dispose();
            throw;
        }
    }

    /// <summary>The account through another address (a <see cref="Faults.FaultProxy"/>): signatures hold, since they cover the path and no host.</summary>
    public static string ConnectionStringAt(Uri blobEndpoint) =>
        $"DefaultEndpointsProtocol=http;AccountName={AccountName};AccountKey={AccountKey};BlobEndpoint={blobEndpoint.AbsoluteUri};";

    /// <summary><c>http://127.0.0.1:PORT/devstoreaccount1/CONTAINER</c>.</summary>
    public Uri ContainerUri(string container) => new($"{BlobEndpoint.AbsoluteUri}/{container}");

    /// <summary>The container's URI with a signature that allows what <paramref name="permissions"/> name, for a day.</summary>
    public Uri SasUri(string container, BlobContainerSasPermissions permissions = BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List) =>
        Service.GetBlobContainerClient(container).GenerateSasUri(permissions, DateTimeOffset.UtcNow.AddDays(1));

    /// <summary>Creates an empty container; one of that name must not exist.</summary>
    public async Task<BlobContainerClient> CreateContainerAsync(string container, CancellationToken cancellationToken = default) =>
        await Service.CreateBlobContainerAsync(container, cancellationToken: cancellationToken);

    /// <summary>Stops it for a while; blobs on disk stay.</summary>
    public async Task StopAsync()
    {
        if (_host is { } host)
        {
            _host = null;
            await host.DisposeAsync();
        }
    }

    /// <summary>Starts it again at the same address, with the same blobs where they are on disk.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        if (_folder is null || _host is not null)
        {
            throw new InvalidOperationException("Only an Azurite that was stopped, and whose blobs are on disk, can be started again.");
        }

        (_, _host) = await AzuriteProcess.StartAsync(_folder.Path, BlobEndpoint.Port, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder?.Dispose();
    }

    private static bool RunsInContainer() => Environment.GetEnvironmentVariable(Choice) switch
    {
        "container" => true,
        "process" => false,
        null or "" => !AzuriteProcess.HasNode && AzuriteContainer.HasEngine,
        string other => throw new InvalidOperationException($"{Choice} is '{other}'; it may be 'process', 'container' or unset."),
    };
}
