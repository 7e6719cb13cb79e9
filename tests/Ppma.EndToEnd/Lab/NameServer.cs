using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ppma.EndToEnd.Lab;

/// <summary>
/// The DNS of a node that has none (eng/node.sh): knows the Services that it is told, and says of all else that it is not there. Pods that
/// start after it know of it through the node's resolv.conf.
/// </summary>
public sealed class NameServer : IAsyncDisposable
{
    private const int HeaderLength = 12;
    private const int NoSuchName = 3;
    private const ushort Address = 1;

    private readonly UdpClient _socket;
    private readonly IReadOnlyDictionary<string, IPAddress> _names;
    private readonly CancellationTokenSource _end = new();
    private readonly string _configuration;
    private readonly Task _serving;

    private NameServer(IPAddress host, string configuration, IReadOnlyDictionary<string, IPAddress> names)
    {
        _socket = new UdpClient(new IPEndPoint(host, 53));
        (_configuration, _names) = (configuration, names);
        _serving = ServeAsync();
    }

    /// <summary>Starts it for the names of one Service; null where the cluster has a DNS of its own.</summary>
    public static NameServer? Start(IPAddress host, string service, IPAddress address)
    {
        if (Node.Folder is null)
        {
            return null;
        }

        string configuration = Path.Combine(Node.Folder, "resolv.conf");
        var names = new Dictionary<string, IPAddress>(StringComparer.OrdinalIgnoreCase) { [service] = address, [$"{service}.cluster.local"] = address };
        var server = new NameServer(host, configuration, names);
        File.WriteAllText(configuration, $"nameserver {host}\n");
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await File.WriteAllTextAsync(_configuration, "");
        await _end.CancelAsync();
        await _serving;
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                UdpReceiveResult question = await _socket.ReceiveAsync(_end.Token);
                await _socket.SendAsync(Answer(question.Buffer), question.RemoteEndPoint, _end.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or IndexOutOfRangeException or ArgumentException)
            {
                // The end, a client that went away, or no question: whoever waits for an answer asks again.
            }
        }
    }

    /// <summary>RFC 1035, 4.1: the question again, and the address where one is asked for and known.</summary>
    private byte[] Answer(byte[] question)
    {
        int at = HeaderLength;
        var labels = new List<string>();
        while (question[at] > 0)
        {
            labels.Add(Encoding.ASCII.GetString(question, at + 1, question[at]));
            at += question[at] + 1;
        }

        int end = at + 5;
        int type = (question[at + 1] << 8) | question[at + 2];
        bool known = _names.TryGetValue(string.Join('.', labels), out IPAddress? address);
        bool answered = known && type == Address;
        byte[] head = [question[0], question[1], 0x85, (byte)(0x80 | (known ? 0 : NoSuchName)), 0, 1, 0, (byte)(answered ? 1 : 0), 0, 0, 0, 0];
        byte[] record = answered ? [0xc0, HeaderLength, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, .. address!.GetAddressBytes()] : [];
        return [.. head, .. question[HeaderLength..end], .. record];
    }
}
