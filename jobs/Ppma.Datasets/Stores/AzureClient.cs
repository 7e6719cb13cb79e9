using System.Net;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Ppma.Datasets.Ranges;

namespace Ppma.Datasets.Stores;

/// <summary>Everything that talks to one container, signed in one way.</summary>
internal sealed class AzureClient
{
    // Blocks of an upload are tried again by the SDK, from its buffer; all else is tried again by this project, which counts the tries.
    private const int UploadRetries = 6;

    // Of a page of a list, or of a block of an upload.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);

    private readonly AzureLocation _location;
    private readonly HttpPipelineTransport _transport;
    private readonly HttpPipelinePolicy? _authentication;

    public AzureClient(AzureLocation location, AzureSigner signer, HttpPipelineTransport transport)
    {
        _location = location;
        _transport = transport;
        Signer = signer;
        BlobServiceClient service = signer.Open(location.Service, Options(retries: 0));
        Pipeline = Parts.PipelineOf(service);
        Container = service.GetBlobContainerClient(location.ContainerName);
        _authentication = Parts.AuthenticationOf(service);
    }

    public AzureSigner Signer { get; }

    /// <summary>
    /// Sends signed requests, each once. Ranges go through it and not through the SDK's download methods: those give a stream that silently
    /// asks again up to five times when it breaks, without counting, waiting or giving up a stalled connection.
    /// </summary>
    public HttpPipeline Pipeline { get; }

    public BlobContainerClient Container { get; }

    /// <summary>Uploads a blob. Made from the whole address, because the SDK looks for the account in the host's name to make one from the container.</summary>
    public BlockBlobClient Writer(string name)
    {
        BlobClientOptions options = Options(UploadRetries);
        if (_authentication is not null)
        {
            options.AddPolicy(_authentication, HttpPipelinePosition.PerRetry);
        }

        return new BlockBlobClient(_location.AddressOf(name), options);
    }

    /// <summary>Connections for so many ranges, and a few beside them. No proxy is looked for: data goes to the store's own address.</summary>
    public static HttpPipelineTransport CreateTransport(RangeOptions ranges, int rangesInFlight) => new HttpClientTransport(new HttpClient(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxConnectionsPerServer = rangesInFlight + Math.Max(4, rangesInFlight / 4),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10), // Follows a change of the name's address.
        ConnectTimeout = ranges.StallTimeout,
    })
    {
        // Each request has its own.
        Timeout = Timeout.InfiniteTimeSpan,
    });

    private BlobClientOptions Options(int retries) => new()
    {
        Transport = _transport,
        Retry = { MaxRetries = retries, Mode = RetryMode.Exponential, NetworkTimeout = AnswerTimeout },
        Diagnostics = { IsLoggingEnabled = false, IsDistributedTracingEnabled = false, IsTelemetryEnabled = false },
    };

    /// <summary>The SDK shows these parts of a client to classes that derive from it, so that others can be built of them.</summary>
    private sealed class Parts : BlobServiceClient
    {
        public static HttpPipeline PipelineOf(BlobServiceClient client) => GetHttpPipeline(client);

        public static HttpPipelinePolicy? AuthenticationOf(BlobServiceClient client) => GetAuthenticationPolicy(client);
    }
}
