using System.Buffers.Binary;
using System.Net.Sockets;

namespace Ppma.Controllers.Requests;

/// <summary>
/// Connections to the API server that notice within seconds that nobody is at the other end any more. A machine that loses its power says no
/// goodbye: left to itself, the system waits a quarter of an hour before it gives up on what it has sent, and for ever while it only listens.
/// </summary>
public static class ServerConnection
{
    private const int TcpUserTimeoutOption = 18;

    /// <summary>For a connection to be made, and for what was sent to be acknowledged (RFC 5482).</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>To be used as the client configuration's <c>FirstMessageHandlerSetup</c>.</summary>
    public static void Configure(SocketsHttpHandler handler)
    {
        handler.ConnectTimeout = Patience;
        handler.ConnectCallback = ConnectAsync;
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            Configure(socket);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Asks after 4 s of silence, then every 2 s, and gives up after two such questions.</summary>
    internal static void Configure(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 4);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 2);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 2);
        if (OperatingSystem.IsLinux())
        {
            Span<byte> milliseconds = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(milliseconds, (int)Patience.TotalMilliseconds);
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, TcpUserTimeoutOption, milliseconds);
        }
    }
}
