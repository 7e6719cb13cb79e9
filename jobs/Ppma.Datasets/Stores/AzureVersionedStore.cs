using Azure;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Ppma.Datasets.Ranges;

namespace Ppma.Datasets.Stores;

/// <summary>A folder of a container of Azure Blob Storage, by versions.</summary>
internal sealed class AzureVersionedStore(AzureLocation location, StoreOptions options) : IVersionedStore
{
    private const int BlockBytes = 8 << 20;
    private const int BlocksInFlight = 4;

    private readonly AzureConnection _connection = new(
        location, options.Credentials, AzureClient.CreateTransport(options.Ranges, options.Ranges.RangesInFlight));

    public Uri Uri => location.Folder;

    public async Task<IReadOnlyList<BlobFacts>> ListAsync(CancellationToken cancellationToken = default)
    {
        var found = new List<BlobFacts>();
        await foreach (BlobFacts facts in new AzureBlobStore(location, options).ListAsync(cancellationToken))
        {
            found.Add(facts);
        }

        return found;
    }

    public Task<VersionedBytes?> ReadAsync(string name, CancellationToken cancellationToken = default) => RunAsync<VersionedBytes?>(
        name,
        async (blob, stop) =>
        {
            BlobDownloadResult found = (await blob.DownloadContentAsync(stop)).Value;
            return new VersionedBytes(found.Content.ToArray(), Bare(found.Details.ETag));
        },
        refused: null,
        cancellationToken);

    public Task<string?> FindVersionAsync(string name, CancellationToken cancellationToken = default) => RunAsync<string?>(
        name, async (blob, stop) => Bare((await blob.GetPropertiesAsync(cancellationToken: stop)).Value.ETag), refused: null, cancellationToken);

    public Task<string?> WriteAsync(string name, Stream content, string? replaces, CancellationToken cancellationToken = default)
    {
        long start = content.Position;
        var upload = new BlobUploadOptions
        {
            Conditions = replaces is null ? new BlobRequestConditions { IfNoneMatch = ETag.All } : Only(replaces),
            TransferOptions = new StorageTransferOptions
            {
                InitialTransferSize = BlockBytes, MaximumTransferSize = BlockBytes, MaximumConcurrency = BlocksInFlight,
            },
        };
        return RunAsync<string?>(
            name,
            async (blob, stop) =>
            {
                // Runs again when a rotated token is found.
                content.Position = start;
                return Bare((await blob.UploadAsync(content, upload, stop)).Value.ETag);
            },
            refused: null,
            cancellationToken);
    }

    public Task<string?> RenewAsync(string name, string version, CancellationToken cancellationToken = default) => RunAsync<string?>(
        name,
        async (blob, stop) => Bare((await blob.SetMetadataAsync(new Dictionary<string, string>(), Only(version), stop)).Value.ETag),
        refused: null,
        cancellationToken);

    public Task<bool> DeleteAsync(string name, string version, CancellationToken cancellationToken = default) => RunAsync(
        name,
        async (blob, stop) =>
        {
            await blob.DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, Only(version), stop);
            return true;
        },
        refused: false,
        cancellationToken);

    public async Task DownloadAsync(BlobFacts facts, string path, CancellationToken cancellationToken = default)
    {
        // A store of its own for each: it remembers versions, and ours change.
        var source = new AzureBlobStore(location, options);
        source.Pin(facts.Name, facts.ETag!);
        byte[] buffer = new byte[Math.Min(facts.Length, BlockBytes)];
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (long done = 0; done < facts.Length;)
        {
            Memory<byte> part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, facts.Length - done));
            await source.ReadAsync(facts.Name, done, part, cancellationToken);
            await file.WriteAsync(part, cancellationToken);
            done += part.Length;
        }
    }

    /// <summary>Runs one operation; <paramref name="refused"/> is the answer where another version was there, or none.</summary>
    private async Task<T> RunAsync<T>(
        string name, Func<BlockBlobClient, CancellationToken, Task<T>> operation, T refused, CancellationToken cancellationToken)
    {
        if (!BlobName.IsSafe(name))
        {
            throw new ArgumentException($"'{name}' is not a name below a folder.", nameof(name));
        }

        string address = location.AddressOf(name).AbsoluteUri;
        try
        {
            return await _connection.RunAsync(address, (client, stop) => operation(client.Writer(name), stop), cancellationToken);
        }
        catch (StoreException e) when (e.Failure is StoreFailure.Changed or StoreFailure.AlreadyExists or StoreFailure.NotFound)
        {
            return refused;
        }
        catch (TransientRangeException cause)
        {
            throw new StoreException(
                StoreFailure.Unavailable, address, $"the request failed: {cause.Message}", "Check the network and the store's health, then run again", cause);
        }
    }

    private static BlobRequestConditions Only(string version) => new() { IfMatch = new ETag(AzureETag.Quote(version)) };

    private static string Bare(ETag eTag) => AzureETag.Bare(eTag.ToString("H"));
}
