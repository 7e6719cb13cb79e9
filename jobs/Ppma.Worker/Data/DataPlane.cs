using Microsoft.Extensions.Logging;
using Ppma.Api.Tasks;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Ranges;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;

namespace Ppma.Worker.Data;

/// <summary>How all data sets of a process are reached: one budget of ranges, one cache, one set of metrics.</summary>
internal sealed partial class DataPlane(DataPlaneOptions options, StreamMetrics metrics, TimeProvider time, ILoggerFactory loggerFactory)
{
    private readonly ILogger _logger = loggerFactory.CreateLogger<DataPlane>();
    private readonly RangeBudget _ranges = new(options.RangesInFlight);

    public StreamMetrics Metrics => metrics;

    /// <summary>Opens the store of a data set. Nothing is read yet.</summary>
    /// <param name="name">How messages call the data set.</param>
    /// <param name="uri">Where it lies.</param>
    /// <param name="credentials"><see cref="DatasetInput.Credentials"/>.</param>
    /// <exception cref="TaskFailedException">64 when there is no such Secret.</exception>
    /// <exception cref="StoreException">No store serves such URIs.</exception>
    public IBlobStore OpenStore(string name, string uri, string? credentials)
    {
        AzureCredentials chosen = CredentialsOf(name, uri, credentials);
        IBlobStore store = BlobStore.Open(uri, new StoreOptions
        {
            Credentials = chosen,
            Ranges = new RangeOptions { RangesInFlight = options.RangesInFlight },
            Budget = _ranges,
            Metrics = metrics,
            TimeProvider = time,
        });
        if (store.IsRemote)
        {
            LogCredentials(_logger, name, store.Uri, chosen);
        }

        return store;
    }

    /// <summary>Opens one split of a data set, of the digest that the task names.</summary>
    /// <exception cref="TaskFailedException">64 when there is no such Secret.</exception>
    /// <exception cref="StoreException">The index cannot be read.</exception>
    public Task<Dataset> OpenAsync(DatasetInput input, CancellationToken cancellationToken) => Dataset.OpenAsync(
        OpenStore(input.Name, input.Uri, input.Credentials),
        input.Split,
        new DatasetOptions { ExpectedDigest = input.Digest, Metrics = metrics },
        cancellationToken);

    private AzureCredentials CredentialsOf(string name, string uri, string? reference)
    {
        if (reference is null)
        {
            return options.OwnIdentity;
        }

        if (options.CredentialsFolder is not { } folder)
        {
            throw new TaskFailedException(
                ExitCodes.BadSpec,
                $"Data set '{name}' at {uri} is opened with the Secret '{reference}', and no folder of Secrets is known. " +
                $"Set {DataPlaneOptions.CredentialsVariable} (ppma run --credentials DIR) to the folder in which '{reference}' is a file.");
        }

        string file = Path.Combine(folder, reference);
        return File.Exists(file) ? AzureCredentials.SecretFile(file) : throw new TaskFailedException(
            ExitCodes.BadSpec,
            $"Data set '{name}' at {uri} is opened with the Secret '{reference}', and there is no file '{file}'. " +
            "Put a SAS token or a connection string there, or correct 'credentials' of the VideoDataset.");
    }

    [LoggerMessage(1, LogLevel.Information, "Data set {Name} at {Uri} is read as {Credentials}.")]
    private static partial void LogCredentials(ILogger logger, string name, Uri uri, AzureCredentials credentials);
}
