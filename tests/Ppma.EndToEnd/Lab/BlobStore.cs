using System.Net;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using Ppma.Testing;
using Ppma.Testing.Faults;

namespace Ppma.EndToEnd.Lab;

/// <summary>
/// The lab's Azurite, its data on disk. This machine reaches it directly; pods reach it through a proxy on the machine's address among
/// them, under the name of a Service, since manifests may say http only to a cluster's own names.
/// </summary>
public sealed class BlobStore : IAsyncDisposable
{
    /// <summary>The container of artifacts.</summary>
    public const string Artifacts = "artifacts";

    /// <summary>The Service that pods know it by, in <see cref="Laboratory.Space"/>.</summary>
    public const string Service = "azurite";

    private BlobStore(AzuriteServer azurite, FaultProxy proxy) => (Azurite, Proxy) = (azurite, proxy);

    /// <summary>Its <see cref="AzuriteServer.StopAsync"/> and <see cref="AzuriteServer.StartAgainAsync"/> keep address and data.</summary>
    public AzuriteServer Azurite { get; }

    /// <summary>What is between it and the pods; may be given a plan of faults.</summary>
    public FaultProxy Proxy { get; }

    /// <summary>A container's address as manifests in the cluster have it.</summary>
    public static Uri InCluster(string container) => new($"http://{Service}.{Laboratory.Space}.svc:10000/{AzuriteServer.AccountName}/{container}");

    /// <summary>What a Secret holds that opens all containers to pods.</summary>
    public static string ConnectionString => AzuriteServer.ConnectionStringAt(new Uri($"http://{Service}.{Laboratory.Space}.svc:10000/{AzuriteServer.AccountName}"));

    public static async Task<BlobStore> StartAsync(IPAddress host, CancellationToken cancellationToken)
    {
        AzuriteServer azurite = await AzuriteServer.StartAsync(onDisk: true, cancellationToken);
        await azurite.CreateContainerAsync(Artifacts, cancellationToken);
        return new BlobStore(azurite, new FaultProxy(azurite.BlobEndpoint, listen: host));
    }

    /// <summary>What a Secret holds that opens one container, until it is revoked: see <see cref="RevokeSasAsync"/>.</summary>
    public async Task<string> GrantSasAsync(string container, string policy, BlobContainerSasPermissions permissions)
    {
        BlobContainerClient client = Azurite.Service.GetBlobContainerClient(container);
        await client.SetAccessPolicyAsync(permissions: [Policy(policy, "rwdlac", DateTimeOffset.UtcNow.AddDays(1))]);
        return new BlobSasBuilder { BlobContainerName = container, Resource = "c", Identifier = policy }
            .ToSasQueryParameters(new Azure.Storage.StorageSharedKeyCredential(AzuriteServer.AccountName, AzuriteServer.AccountKey)).ToString();
    }

    /// <summary>Takes back what <see cref="GrantSasAsync"/> gave of a container.</summary>
    public async Task RevokeSasAsync(string container) => await Azurite.Service.GetBlobContainerClient(container).SetAccessPolicyAsync(permissions: []);

    /// <summary>A blob's bytes.</summary>
    public async Task<byte[]> ReadAsync(string container, string path) =>
        (await Azurite.Service.GetBlobContainerClient(container).GetBlobClient(path).DownloadContentAsync()).Value.Content.ToArray();

    /// <summary>The paths of the blobs below a prefix.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string container, string prefix)
    {
        var paths = new List<string>();
        await foreach (BlobItem blob in Azurite.Service.GetBlobContainerClient(container).GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, CancellationToken.None))
        {
            paths.Add(blob.Name);
        }

        return paths;
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await Azurite.DisposeAsync();
    }

    private static BlobSignedIdentifier Policy(string name, string permissions, DateTimeOffset until) =>
        new() { Id = name, AccessPolicy = new BlobAccessPolicy { Permissions = permissions, PolicyExpiresOn = until } };
}
