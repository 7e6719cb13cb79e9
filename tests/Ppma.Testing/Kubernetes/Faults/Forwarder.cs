using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ppma.Testing.Kubernetes.Faults;

/// <summary>Carries requests to the API server and its answers back, those of watches as they come.</summary>
internal sealed class Forwarder(KubernetesServer server) : IDisposable
{
    // One connection's own, or ended with it (RFC 9110, 7.6.1).
    private static readonly HashSet<string> OwnHeaders = new(StringComparer.OrdinalIgnoreCase) { "Host", "Connection", "Transfer-Encoding", "Keep-Alive", "Upgrade", "Content-Length" };

    private readonly HttpMessageInvoker _upstream = new(server.CreateHandler());

    public static async Task<byte[]> ReadBodyAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return body.ToArray();
    }

    /// <summary>Sends it and waits for the head of the answer, by when a write is committed.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequest request, byte[] body, CancellationToken cancellationToken)
    {
        var message = new HttpRequestMessage(
            new HttpMethod(request.Method), new Uri(server.Address, request.Path.ToUriComponent() + request.QueryString.ToUriComponent()));
        if (body.Length > 0)
        {
            message.Content = new ByteArrayContent(body);
        }

        foreach (var header in request.Headers.Where(header => !OwnHeaders.Contains(header.Key)))
        {
            if (!message.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable()))
            {
                message.Content?.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable());
            }
        }

        return _upstream.SendAsync(message, cancellationToken);
    }

    public static async Task AnswerAsync(HttpContext context, HttpResponseMessage answer, ApiFault.WatchEnded? end)
    {
        HttpResponse response = context.Response;
        response.StatusCode = (int)answer.StatusCode;
        foreach (var header in answer.Headers.Concat(answer.Content.Headers).Where(header => !OwnHeaders.Contains(header.Key)))
        {
            response.Headers[header.Key] = header.Value.ToArray();
        }

        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        // The head at once: a watch's first event may be long in coming.
        await response.StartAsync(context.RequestAborted);
        await response.Body.FlushAsync(context.RequestAborted);
        await using Stream content = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
        if (end is null)
        {
            await CopyAsync(content, response.Body, context.RequestAborted);
            return;
        }

        await CopyEventsAsync(content, response.Body, end.AfterEvents, context.RequestAborted);
        switch (end.End)
        {
            case WatchEnd.Cut:
                context.Abort();
                break;
            case WatchEnd.Expire:
                await response.Body.WriteAsync(StatusAnswer.ExpiredEvent(), context.RequestAborted);
                break;
            case WatchEnd.Freeze:
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                break;
        }
    }

    public void Dispose() => _upstream.Dispose();

    private static async Task CopyAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and int read)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            await to.FlushAsync(cancellationToken);
        }
    }

    /// <summary>An event is a line.</summary>
    private static async Task CopyEventsAsync(Stream from, Stream to, int count, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(from);
        for (int sent = 0; sent < count && await reader.ReadLineAsync(cancellationToken) is { } line; sent++)
        {
            await to.WriteAsync(System.Text.Encoding.UTF8.GetBytes(line + "\n"), cancellationToken);
            await to.FlushAsync(cancellationToken);
        }
    }
}
