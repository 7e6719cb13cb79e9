using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using Ppma.Datasets.Ranges;

namespace Ppma.Datasets.Stores;

/// <summary>A folder of a container of Azure Blob Storage. Connections close themselves when idle, so it needs no disposal.</summary>
internal sealed class AzureBlobStore : IRangeStore
{
    private const int BlockBytes = 8 << 20;
    private const int BlocksInFlight = 4;

    private readonly AzureConnection _connection;
    private readonly AzureRangeSource _source;
    private readonly RangeReader _reader;
    private readonly ETagPins _pins = new();
    private readonly StoreOptions _options;

    public AzureBlobStore(AzureLocation location, StoreOptions options)
    {
        options.Ranges.Validate();
        RangeBudget budget = options.Budget ?? new RangeBudget(options.Ranges.RangesInFlight);
        _options = options;
        _connection = new AzureConnection(location, options.Credentials, AzureClient.CreateTransport(options.Ranges, budget.Ranges));
        _source = new AzureRangeSource(_connection);
        _reader = new RangeReader(_source, options.Ranges, budget, options.Metrics, options.TimeProvider, Retries.RandomJitter);
    }

    public Uri Uri => _connection.Location.Folder;

    public bool IsRemote => true;

    public async ValueTask<BlobFacts> GetFactsAsync(string name, CancellationToken cancellationToken = default)
    {
        string location = Locate(name);
        BlobFacts facts = await RetriesOf(location).RunAsync(stop => _source.GetFactsAsync(name, _pins.Find(name), stop), cancellationToken);
        string pinned = _pins.Confirm(name, facts.ETag!);
        return facts.ETag == pinned ? facts : throw AzureFailure.Changed(location, pinned, facts.ETag!);
    }

    public async ValueTask ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        await _reader.ReadAsync(name, await VersionOfAsync(name, cancellationToken), offset, buffer, cancellationToken);

    public async ValueTask CopyAsync(string name, long offset, long length, IRangeSink sink, CancellationToken cancellationToken = default) =>
        await _reader.CopyAsync(name, await VersionOfAsync(name, cancellationToken), offset, length, sink, cancellationToken);

    public void Pin(string name, string eTag) => _pins.Pin(Checked(name), AzureETag.Bare(eTag));

    public async IAsyncEnumerable<BlobFacts> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (BlobFacts facts in await RetriesOf(Uri.AbsoluteUri).RunAsync(
            stop => _connection.RunAsync(Uri.AbsoluteUri, ListAllAsync, stop), cancellationToken))
        {
            yield return facts;
        }
    }

    public async ValueTask WriteAsync(string name, Stream content, bool overwrite, CancellationToken cancellationToken = default)
    {
        string location = Locate(name);
        var upload = new BlobUploadOptions
        {
            Conditions = overwrite ? null : new BlobRequestConditions { IfNoneMatch = ETag.All },
            TransferOptions = new StorageTransferOptions
            {
                InitialTransferSize = BlockBytes,
                MaximumTransferSize = BlockBytes,
                MaximumConcurrency = BlocksInFlight,
            },
        };
        long? start = content.CanSeek ? content.Position : null;
        bool begun = false;
        try
        {
            ETag eTag = await _connection.RunAsync(
                location,
                async (client, stop) =>
                {
                    // Runs again when a rotated token is found; a stream that cannot go back has lost what the first run took of it.
                    if (begun && start is null)
                    {
                        throw new StoreException(
                            StoreFailure.PermissionDenied, location, "the token was rotated during the upload", "Run again");
                    }

                    begun = true;
                    if (start is { } position)
                    {
                        content.Position = position;
                    }

                    return (await client.Writer(name).UploadAsync(content, upload, stop)).Value.ETag;
                },
                cancellationToken);
            _pins.Pin(name, Bare(eTag));
        }
        catch (StoreException conflict) when (!overwrite && conflict.Failure == StoreFailure.Changed)
        {
            // A list of blocks is refused by 412, a small blob by 409.
            throw AzureFailure.AlreadyExists(location);
        }
        catch (TransientRangeException cause)
        {
            throw new StoreException(
                StoreFailure.Unavailable, location, $"the upload failed: {cause.Message}", "Check the network and the store's health, then run again", cause);
        }
    }

    public string Locate(string name) => _source.Locate(Checked(name));

    /// <summary>
    /// The pinned version. Where none is pinned yet, the facts are asked for once: the headers of a first range would do, but several ranges
    /// begin at once, and each must name the same version.
    /// </summary>
    private async ValueTask<string> VersionOfAsync(string name, CancellationToken cancellationToken) =>
        _pins.Find(Checked(name)) ?? (await GetFactsAsync(name, cancellationToken)).ETag!;

    private static string Checked(string name) =>
        BlobName.IsSafe(name) ? name : throw new ArgumentException($"'{name}' is not a name below a folder.", nameof(name));

    private static string Bare(ETag eTag) => AzureETag.Bare(eTag.ToString("H"));

    private Retries RetriesOf(string location) =>
        new(location, _options.Ranges, _options.TimeProvider, Retries.RandomJitter, _options.Metrics);

    private async Task<BlobFacts[]> ListAllAsync(AzureClient client, CancellationToken cancellationToken)
    {
        string prefix = _connection.Location.Prefix;
        var found = new List<BlobFacts>();
        await foreach (BlobItem blob in client.Container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, prefix, cancellationToken))
        {
            // Accounts with a hierarchical name space list folders as empty blobs.
            if (!blob.Metadata.ContainsKey("hdi_isfolder"))
            {
                found.Add(new BlobFacts(blob.Name[prefix.Length..], blob.Properties.ContentLength ?? 0, blob.Properties.ETag is { } eTag ? Bare(eTag) : null));
            }
        }

        // The service's order is by bytes of the whole path; with a hierarchical name space, folder by folder.
        return [.. found.OrderBy(blob => blob.Name, StringComparer.Ordinal)];
    }
}
