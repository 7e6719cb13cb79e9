using System.Net.Sockets;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Tests.Requests;

public sealed class ServerConnectionTests
{
    [Fact]
    public void Configure_ASocket_HasItNoticeADeadPeerBeforeALeaseRunsOut()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);

        ServerConnection.Configure(socket);

        int silence = Option(SocketOptionName.TcpKeepAliveTime) + (Option(SocketOptionName.TcpKeepAliveInterval) * Option(SocketOptionName.TcpKeepAliveRetryCount));
        Assert.Equal(1, (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)!);
        Assert.InRange(silence, 1, 10);

        int Option(SocketOptionName name) => (int)socket.GetSocketOption(SocketOptionLevel.Tcp, name)!;
    }
}
