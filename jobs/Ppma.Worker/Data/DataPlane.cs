using Microsoft.Extensions.Logging;
using Ppma.Api.Tasks;
using Ppma.Datasets.Caching;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Ranges;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;

namespace Ppma.Worker.Data;

/// <summary>How all data sets of a process are reached: one budget of ranges, one cache, one set of metrics.</summary>
internal sealed partial class DataPlane(DataPlaneOptions options, StreamMetrics metrics, TimeProvider time, ILoggerFactory loggerFactory) : IAsyncDisposable
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = loggerFactory.CreateLogger<DataPlane>();
    private readonly RangeBudget _ranges = new(options.RangesInFlight);

    // Made for the first remote data set: files need no cache.
    private readonly Lazy<ShardCache> _cache = new(() => ShardCache.Open(new ShardCacheOptions
    {
        Folder = options.CacheFolder, LimitBytes = options.CacheBytes, Metrics = metrics, TimeProvider = time,
    }));

    private readonly Lazy<Scratch> _scratch = new(() => Data.Scratch.Open(options.ScratchFolder));

    public StreamMetrics Metrics => metrics;

    /// <summary>A folder of this process's own, for what it can fetch again.</summary>
    public string Scratch => _scratch.Value.Folder;

    /// <inheritdoc cref="DataPlaneOptions.MemoryBytes"/>
    public long? MemoryBytes => options.MemoryBytes;

    /// <summary>Opens the store of a data set. Nothing is read yet.</summary>
    /// <param name="name">How messages call the data set.</param>
    /// <param name="uri">Where it lies.</param>
    /// <param name="credentials"><see cref="DatasetInput.Credentials"/>.</param>
    /// <exception cref="TaskFailedException">64 when there is no such Secret.</exception>
    /// <exception cref="StoreException">No store serves such URIs.</exception>
    public IBlobStore OpenStore(string name, string uri, string? credentials)
    {
        AzureCredentials chosen = CredentialsOf($"Data set '{name}'", uri, credentials);
        IBlobStore store = BlobStore.Open(uri, Options(chosen));
        if (store.IsRemote)
        {
            LogCredentials(_logger, name, store.Uri, chosen);
        }

        return store;
    }

    /// <summary>Opens a folder of a container whose blobs change. Nothing is read yet.</summary>
    /// <param name="what">How messages begin: <c>The artifacts</c>.</param>
    /// <param name="uri">Where it is.</param>
    /// <param name="credentials">As <see cref="DatasetInput.Credentials"/>.</param>
    /// <exception cref="TaskFailedException">64 when there is no such Secret.</exception>
    /// <exception cref="StoreException">The URI is of another kind.</exception>
    public IVersionedStore OpenVersioned(string what, string uri, string? credentials) =>
        BlobStore.OpenVersioned(uri, Options(CredentialsOf(what, uri, credentials)));

    /// <summary>Opens one split of a data set, of the digest that the task names.</summary>
    /// <exception cref="TaskFailedException">64 when there is no such Secret.</exception>
    /// <exception cref="StoreException">The index cannot be read.</exception>
    /// <exception cref="ShardCacheException">The data set needs the cache, and it cannot be used or is too small for a shard.</exception>
    public Task<Dataset> OpenAsync(DatasetInput input, CancellationToken cancellationToken)
    {
        IBlobStore store = OpenStore(input.Name, input.Uri, input.Credentials);
        var opening = new DatasetOptions { ExpectedDigest = input.Digest, Cache = store.IsRemote ? _cache.Value : null, Metrics = metrics };
        return Dataset.OpenAsync(store, input.Split, opening, cancellationToken);
    }

    /// <summary>Refuses a cache that cannot hold what the data sets of a stage need at once: less would fetch shards again and again.</summary>
    /// <exception cref="ShardCacheException">It is too small; the message has the numbers.</exception>
    public void RequireRoom(IReadOnlyList<DatasetInput> inputs, IReadOnlyList<Dataset> datasets, long shuffleBlockBytes)
    {
        (string Name, long Bytes)[] needs =
        [
            .. inputs.Zip(datasets).Where(pair => !new Uri(pair.First.Uri).IsFile).Select(pair =>
            {
                long all = pair.Second.Shards.Sum(shard => shard.Bytes);
                return (pair.First.Name, Math.Min(all, (2 * shuffleBlockBytes) + pair.Second.Shards.Max(shard => shard.Bytes)));
            }),
        ];
        if (needs.Length > 0)
        {
            _cache.Value.Require(
                needs.Sum(need => need.Bytes),
                $"two shuffle blocks of {shuffleBlockBytes} bytes and the largest shard of data set '{string.Join("', '", needs.Select(need => need.Name))}'");
        }
    }

    /// <inheritdoc cref="ShardCache.EnsureCheckedAsync"/>
    public Task EnsureCheckedAsync(CancellationToken cancellationToken) =>
        _cache.IsValueCreated ? _cache.Value.EnsureCheckedAsync(cancellationToken) : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_scratch.IsValueCreated)
        {
            _scratch.Value.Dispose();
        }

        if (_cache.IsValueCreated)
        {
            try
            {
                // A disk that hangs must not keep a process that is about to say so.
                await _cache.Value.DisposeAsync().AsTask().WaitAsync(EndPatience);
            }
            catch (TimeoutException)
            {
                LogLeft(_logger, options.CacheFolder);
            }
        }
    }

    private StoreOptions Options(AzureCredentials credentials) => new()
    {
        Credentials = credentials,
        Ranges = new RangeOptions { RangesInFlight = options.RangesInFlight },
        Budget = _ranges,
        Metrics = metrics,
        TimeProvider = time,
    };

    private AzureCredentials CredentialsOf(string what, string uri, string? reference)
    {
        if (reference is null)
        {
            return options.OwnIdentity;
        }

        if (options.CredentialsFolder is not { } folder)
        {
            throw new TaskFailedException(
                ExitCodes.BadSpec,
                $"{what} at {uri} is opened with the Secret '{reference}', and no folder of Secrets is known. " +
                $"Set {DataPlaneOptions.CredentialsVariable} (ppma run --credentials DIR) to the folder in which '{reference}' is a file.");
        }

        string file = Path.Combine(folder, reference);
        return File.Exists(file) ? AzureCredentials.SecretFile(file, $"Secret '{reference.Replace("/", "', key '", StringComparison.Ordinal)}'") : throw new TaskFailedException(
            ExitCodes.BadSpec,
            $"{what} at {uri} is opened with the Secret '{reference}', and there is no file '{file}'. " +
            "Put a SAS token or a connection string there, or correct the name of the Secret.");
    }

    [LoggerMessage(2, LogLevel.Warning, "What is being fetched into the cache {Folder} does not end; it is left.")]
    private static partial void LogLeft(ILogger logger, string folder);

    [LoggerMessage(1, LogLevel.Information, "Data set {Name} at {Uri} is read as {Credentials}.")]
    private static partial void LogCredentials(ILogger logger, string name, Uri uri, AzureCredentials credentials);
}
