using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using k8s.Authentication;
using k8s.Exceptions;
using Prometheus;

namespace Ppma.Controllers.Requests;

/// <summary>
/// Requests to the API server, over the connection and with the credentials of the Kubernetes client: kubeconfig, TLS and fresh tokens are
/// its business. What is added here: every request but a watch ends in time, every failure is an <see cref="ApiException"/>, a rate limit
/// and metrics. Nothing is repeated: whoever asks knows whether asking again is safe, and a write whose answer was lost may have happened.
/// </summary>
/// <remarks>
/// HTTP/1.1 on purpose. A time-out then closes the connection that hung, where on HTTP/2 all that follows would queue on the same dead
/// connection until a ping fails, the lease's renewal with it; and no long list stands in a short request's way.
/// </remarks>
public sealed class ApiTransport
{
    private readonly HttpClient _http;
    private readonly ServiceClientCredentials? _credentials;
    private readonly Uri _server;
    private readonly TimeProvider _time;
    private readonly RequestMetrics _metrics;
    private readonly TokenBucket? _limit;
    private readonly string _userAgent;

    public ApiTransport(k8s.Kubernetes client, RequestOptions options, TimeProvider time, CollectorRegistry registry)
    {
        (_http, _credentials, _server, _time, Options) = (client.HttpClient, client.Credentials, client.BaseUri, time, options);
        _metrics = new RequestMetrics(registry, _server.Authority);
        _limit = new TokenBucket(options.QueriesPerSecond, options.Burst, time);
        string? version = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        _userAgent = $"{options.Client}/{version?.Split('+')[0] ?? "0"}";
    }

    private ApiTransport(ApiTransport other, TimeSpan timeout)
    {
        (_http, _credentials, _server, _time, _metrics, _userAgent) = (other._http, other._credentials, other._server, other._time, other._metrics, other._userAgent);
        Options = other.Options with { Timeout = timeout };
    }

    internal RequestOptions Options { get; }

    /// <summary>The same for what must not wait behind anything else, such as a lease's renewal: no rate limit, and another time-out.</summary>
    public ApiTransport WithoutLimit(TimeSpan timeout) => new(this, timeout);

    /// <summary>Sends a request and reads its answer.</summary>
    /// <param name="request">What to send.</param>
    /// <param name="timeout">For everything but waiting for the rate limit.</param>
    /// <param name="read">Reads the body of a success.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="ApiException">The server refused, did not answer in time, or broke off.</exception>
    internal async Task<TResult> SendAsync<TResult>(
        ApiRequest request, TimeSpan timeout, Func<Stream, CancellationToken, ValueTask<TResult>> read, CancellationToken cancellationToken)
    {
        await WaitForTurnAsync(request, cancellationToken);
        long start = _time.GetTimestamp();
        try
        {
            return await InTimeAsync(request, timeout, ExchangeAndReadAsync, cancellationToken);
        }
        finally
        {
            _metrics.Took(request.Method, _time.GetElapsedTime(start));
        }

        async Task<TResult> ExchangeAndReadAsync(CancellationToken token)
        {
            using HttpResponseMessage response = await ExchangeAsync(request, token);
            await using Stream body = await response.Content.ReadAsStreamAsync(token);
            return await read(body, token);
        }
    }

    /// <summary>Opens a watch: only the head of the answer has to come in time, and no rate limit holds it up.</summary>
    /// <returns>The response, its body unread; failures of reading it are translated by <see cref="AsApiException"/>.</returns>
    internal Task<HttpResponseMessage> OpenAsync(ApiRequest request, CancellationToken cancellationToken) =>
        InTimeAsync(request, Options.Timeout, token => ExchangeAsync(request, token), cancellationToken);

    /// <returns>Null when the failure is nobody's but this program's.</returns>
    internal static ApiException? AsApiException(ApiRequest request, Exception error) => error switch
    {
        HttpRequestException or IOException => ApiErrors.NoAnswer(request, error),
        System.Text.Json.JsonException => ApiErrors.Unreadable(request, error.Message, error),
        _ => null,
    };

    private async Task<TResult> InTimeAsync<TResult>(
        ApiRequest request, TimeSpan timeout, Func<CancellationToken, Task<TResult>> action, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await action(either.Token);
        }
        catch (OperationCanceledException cancelled) when (!cancellationToken.IsCancellationRequested)
        {
            // Ours, or the connection's own time-out, which looks the same.
            throw deadline.IsCancellationRequested ? ApiErrors.TimedOut(request, timeout, cancelled) : ApiErrors.NoAnswer(request, cancelled);
        }
        catch (Exception error) when (AsApiException(request, error) is { } known)
        {
            throw known;
        }
    }

    private async ValueTask WaitForTurnAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (_limit is null)
        {
            return;
        }

        long start = _time.GetTimestamp();
        await _limit.TakeAsync(cancellationToken);
        _metrics.Waited(request.Method, _time.GetElapsedTime(start));
    }

    private async Task<HttpResponseMessage> ExchangeAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(request.Method, new Uri(_server, request.Path))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        message.Headers.TryAddWithoutValidation("User-Agent", _userAgent);
        message.Headers.TryAddWithoutValidation("Accept", ApiRequest.Json);
        if (!request.Body.IsEmpty)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body) { Headers = { ContentType = new MediaTypeHeaderValue(request.ContentType) } };
        }

        await AuthenticateAsync(request, message, cancellationToken);
        request.Fence?.Demand();
        HttpResponseMessage response = await AskAsync(message, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await ApiErrors.ReadAsync(request, response, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> AskAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        HttpStatusCode? code = null;
        try
        {
            HttpResponseMessage response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            code = response.StatusCode;
            return response;
        }
        finally
        {
            _metrics.Answered(message.Method, code);
        }
    }

    private async Task AuthenticateAsync(ApiRequest request, HttpRequestMessage message, CancellationToken cancellationToken)
    {
        try
        {
            if (_credentials is not null)
            {
                await _credentials.ProcessHttpRequestAsync(message, cancellationToken);
            }
        }
        catch (Exception error) when (error is KubeConfigException or KubernetesClientException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new ApiException(code: null, "", $"{request}: not sent, since there are no credentials: {error.Message}", error);
        }
    }
}
