using System.Net.Sockets;
using System.Text;

namespace Ppma.Testing.Faults;

/// <summary>One connection of a client, and the one to the server behind it: requests follow one another.</summary>
internal sealed class ProxyConnection(FaultProxy proxy, Socket clientSocket, Uri upstream) : IDisposable
{
    /// <summary>Servers close idle connections (Azurite after 5 s); one that rested longer than this is not trusted.</summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(2);

    private readonly SocketReader _client = new(clientSocket);
    private readonly Pacer? _pacer = proxy.Plan.ConnectionBytesPerSecond is { } rate ? new Pacer(rate) : null;
    private SocketReader? _server;
    private DateTime _lastAnswer;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _client.Socket.NoDelay = true;
        await Task.Delay(proxy.Plan.RoundTrip, cancellationToken);
        while (await _client.ReadHeadAsync(cancellationToken) is { } request)
        {
            (Fault fault, double at) = request.IsBlobRead ? proxy.Decide(request) : (Fault.None, 0);
            await Task.Delay(proxy.Plan.RoundTrip, cancellationToken);
            if (fault is Fault.Unavailable or Fault.UnavailableRetryAfter)
            {
                proxy.Injected(fault);
                await SendBusyAsync(fault == Fault.UnavailableRetryAfter, cancellationToken);
            }
            else if (!await ForwardAsync(request, fault, at, cancellationToken))
            {
                return;
            }
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _server?.Dispose();
    }

    /// <returns>Whether the client's connection can carry another request.</returns>
    private async Task<bool> ForwardAsync(HttpHead request, Fault fault, double at, CancellationToken cancellationToken)
    {
        if (request.IsChunked)
        {
            throw new NotSupportedException($"{request.Method} {request.Path}: a request with a chunked body; Azure Storage wants its length.");
        }

        SocketReader server = await ConnectAsync(cancellationToken);
        await server.Socket.SendAsync(request.ToBytes(), cancellationToken);
        await _client.CopyAsync(server.Socket, request.ContentLength ?? 0, cancellationToken);
        HttpHead response = await server.ReadHeadAsync(cancellationToken) ?? throw new IOException("The server closed the connection.");

        bool content = request.IsBlobRead && response.Status is 200 or 206;
        bool goesOn = !content || await SendContentAsync(server, response, fault, at, cancellationToken);
        if (!content)
        {
            await SendOtherAsync(server, request, response, cancellationToken);
        }

        _lastAnswer = DateTime.UtcNow;
        return goesOn && !request.Closes && !response.Closes;
    }

    private async Task SendOtherAsync(SocketReader server, HttpHead request, HttpHead response, CancellationToken cancellationToken)
    {
        await _client.Socket.SendAsync(response.ToBytes(), cancellationToken);
        if (request.Method == "HEAD" || response.Status is 204 or 304)
        {
            return;
        }

        if (response.IsChunked)
        {
            await server.CopyChunkedAsync(_client.Socket, cancellationToken);
        }
        else
        {
            await server.CopyAsync(_client.Socket, response.ContentLength ?? 0, cancellationToken);
        }
    }

    private async Task<bool> SendContentAsync(SocketReader server, HttpHead response, Fault fault, double at, CancellationToken cancellationToken)
    {
        long length = response.ContentLength ?? throw new IOException("Blob content without a length.");
        long place = (long)(at * length);
        if (fault != Fault.None)
        {
            proxy.Injected(fault);
        }

        if (fault == Fault.WrongETag)
        {
            response.Replace("ETag", "\"0x8D0000000000000\"");
        }

        // Half of the resets come before any answer.
        if (fault != Fault.Reset || at >= 0.5)
        {
            await _client.Socket.SendAsync(response.ToBytes(), cancellationToken);
            long sent = fault is Fault.Stall or Fault.Truncate or Fault.Reset ? place : length;
            await SendBodyAsync(server, sent, fault == Fault.FlippedByte ? place : -1, cancellationToken);
        }

        switch (fault)
        {
            case Fault.Stall:
                // Until the client gives up, or the proxy ends.
                _ = await _client.Socket.ReceiveAsync(new byte[1], cancellationToken);
                return false;
            case Fault.Truncate:
                _client.Socket.Shutdown(SocketShutdown.Both);
                return false;
            case Fault.Reset:
                _client.Socket.LingerState = new LingerOption(enable: true, seconds: 0);
                _client.Socket.Close(0);
                return false;
            default:
                return true;
        }
    }

    private async Task SendBodyAsync(SocketReader server, long length, long flippedAt, CancellationToken cancellationToken)
    {
        for (long sent = 0; sent < length;)
        {
            Memory<byte> piece = await server.ReadPieceAsync(length - sent, cancellationToken);
            if (flippedAt >= sent && flippedAt < sent + piece.Length)
            {
                piece.Span[(int)(flippedAt - sent)] ^= 0x10;
            }

            await proxy.PassAsync(piece.Length, cancellationToken);
            if (_pacer is not null)
            {
                await _pacer.PassAsync(piece.Length, cancellationToken);
            }

            await _client.Socket.SendAsync(piece, cancellationToken);
            sent += piece.Length;
        }
    }

    private async Task SendBusyAsync(bool retryAfter, CancellationToken cancellationToken)
    {
        const string Body = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>ServerBusy</Code><Message>The server is busy.</Message></Error>";
        string head = $"HTTP/1.1 503 The server is busy.\r\nx-ms-error-code: ServerBusy\r\nContent-Type: application/xml\r\nContent-Length: {Body.Length}\r\n";
        await _client.Socket.SendAsync(Encoding.Latin1.GetBytes($"{head}{(retryAfter ? "Retry-After: 1\r\n" : "")}\r\n{Body}"), cancellationToken);
    }

    private async Task<SocketReader> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_server is not null && DateTime.UtcNow - _lastAnswer < IdleLimit)
        {
            return _server;
        }

        _server?.Dispose();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _server = new SocketReader(socket);
        await socket.ConnectAsync(upstream.Host, upstream.Port, cancellationToken);
        return _server;
    }
}
