using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using Ppma.Api.Tasks;
using Ppma.Testing;
using Ppma.Worker.Data;

namespace Ppma.Worker.Tests.Data;

/// <summary>An emulator of blob storage with a container a test, and Secrets in files beside it.</summary>
public sealed class BlobData : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private AzuriteServer? _server;

    /// <summary>The folder of Secrets, as a pod has it.</summary>
    public string Secrets => _folder.File("secrets");

    public async ValueTask InitializeAsync() => _server = await AzuriteServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>Uploads a data set into a container of its own.</summary>
    /// <param name="local">The data set as files.</param>
    /// <param name="container">Name of the container, and of the Secret that opens it.</param>
    /// <returns>The same data set, read from there with a SAS token.</returns>
    internal async Task<DatasetInput> UploadAsync(DatasetInput local, string container)
    {
        BlobContainerClient client = await _server!.CreateContainerAsync(container);
        foreach (string file in Directory.EnumerateFiles(new Uri(local.Uri).LocalPath))
        {
            await client.GetBlobClient($"sets/{Path.GetFileName(file)}").UploadAsync(file);
        }

        Grant(container);
        return local with { Uri = $"{client.Uri.AbsoluteUri}/sets", Credentials = $"{container}/sas" };
    }

    /// <summary>An empty container for artifacts, and the name of a Secret that may write there.</summary>
    public async Task<(string Uri, string Credentials)> CreateArtifactsAsync(string container)
    {
        BlobContainerClient client = await _server!.CreateContainerAsync(container);
        Directory.CreateDirectory(Path.Combine(Secrets, container));
        await File.WriteAllTextAsync(Path.Combine(Secrets, container, "connection"), _server.ConnectionString);
        return ($"{client.Uri.AbsoluteUri}/runs/tiny", $"{container}/connection");
    }

    public BlobContainerClient Container(string container) => _server!.Service.GetBlobContainerClient(container);

    /// <summary>Writes a Secret that opens a container, under a policy that can be withdrawn.</summary>
    public void Grant(string container)
    {
        BlobContainerClient client = Container(container);
        client.SetAccessPolicy(permissions:
        [
            new BlobSignedIdentifier
            {
                Id = "readers",
                AccessPolicy = new BlobAccessPolicy { PolicyStartsOn = DateTimeOffset.UtcNow.AddHours(-1), PolicyExpiresOn = DateTimeOffset.UtcNow.AddHours(1), Permissions = "rl" },
            },
        ]);
        Directory.CreateDirectory(Path.Combine(Secrets, container));
        var builder = new BlobSasBuilder { BlobContainerName = container, Identifier = "readers" };
        File.WriteAllText(Path.Combine(Secrets, container, "sas"), client.GenerateSasUri(builder).Query);
    }

    /// <summary>Withdraws what <see cref="Grant"/> gave; the file stays as it is.</summary>
    public void Revoke(string container) => Container(container).SetAccessPolicy(permissions: []);

    internal DataPlaneOptions Options(string cache) => new() { CacheFolder = cache, CacheBytes = 64 << 20, CredentialsFolder = Secrets };
}
