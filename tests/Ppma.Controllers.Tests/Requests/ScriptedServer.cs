using System.Collections.Concurrent;
using System.Net;
using System.Text;
using k8s;
using Microsoft.Extensions.Logging.Abstractions;
using Ppma.Controllers.Leading;
using Ppma.Controllers.Requests;
using Prometheus;

namespace Ppma.Controllers.Tests.Requests;

/// <summary>In the API server's place: gives one prepared answer after the other and keeps what it was asked.</summary>
internal sealed class ScriptedServer : DelegatingHandler
{
    private readonly ConcurrentQueue<Func<CancellationToken, Task<HttpResponseMessage>>> _answers = new();

    public List<SentRequest> Requests { get; } = [];

    public CollectorRegistry Registry { get; } = Metrics.NewCustomRegistry();

    public ScriptedServer Answer(HttpStatusCode code, string body, Action<HttpResponseMessage>? change = null) => Answer(code, new StringContent(body, Encoding.UTF8, "application/json"), change);

    public ScriptedServer Answer(HttpStatusCode code, HttpContent body, Action<HttpResponseMessage>? change = null)
    {
        var response = new HttpResponseMessage(code) { Content = body };
        change?.Invoke(response);
        _answers.Enqueue(_ => Task.FromResult(response));
        return this;
    }

    /// <summary>Answers a part of the body at a read, and then breaks off in the given way.</summary>
    public ScriptedServer AnswerInPieces(IEnumerable<string> pieces, Exception? end = null) =>
        Answer(HttpStatusCode.OK, new StreamContent(new PiecewiseStream(pieces.Select(Encoding.UTF8.GetBytes), end)));

    public ScriptedServer Refuse(HttpStatusCode code, string reason, string message) =>
        Answer(code, $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"{{reason}}","message":"{{message}}","code":{{(int)code}}}""");

    public ScriptedServer Fail(Exception error)
    {
        _answers.Enqueue(_ => Task.FromException<HttpResponseMessage>(error));
        return this;
    }

    public ScriptedServer NeverAnswer()
    {
        _answers.Enqueue(async cancellationToken =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("It was to be cancelled");
        });
        return this;
    }

    public ApiTransport Transport(TimeProvider? time = null, RequestOptions? options = null)
    {
        var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = "http://api.example:8080", AccessToken = "secret" }, this);
        return new ApiTransport(client, options ?? new RequestOptions { Client = "ppma-operator" }, time ?? TimeProvider.System, Registry);
    }

    public ResourceClient<Widget> Widgets(ILeadership? leadership = null) => new(Transport(), leadership, NullLogger<ApiTransport>.Instance);

    /// <summary>The metrics as Prometheus reads them.</summary>
    public async Task<string> ReadMetricsAsync(CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        await Registry.CollectAndExportAsTextAsync(text, cancellationToken);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        Requests.Add(new SentRequest(
            request.Method.Method,
            request.RequestUri!.PathAndQuery,
            body,
            request.Content?.Headers.ContentType?.MediaType,
            string.Join(' ', request.Headers.UserAgent),
            request.Headers.Authorization?.ToString()));
        return _answers.TryDequeue(out Func<CancellationToken, Task<HttpResponseMessage>>? answer)
            ? await answer(cancellationToken)
            : throw new InvalidOperationException($"No answer is prepared for {request.Method} {request.RequestUri}");
    }
}

internal sealed record SentRequest(string Method, string Path, string Body, string? ContentType, string UserAgent, string? Authorization);
