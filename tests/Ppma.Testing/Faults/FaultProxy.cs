using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Ppma.Testing.Faults;

/// <summary>
/// An HTTP/1.1 proxy, on 127.0.0.1 unless told otherwise, before a blob store, which does to reads of blob content what its plan says and counts it. Everything
/// else passes untouched, signatures included: they cover the path, not the host.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly Uri _upstream;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Task, byte> _connections = new();
    private readonly ConcurrentDictionary<string, int> _repeats = new(StringComparer.Ordinal);
    private readonly int[] _counts = new int[Enum.GetValues<Fault>().Length];
    private readonly Task _accepting;

    private FaultPlan _plan = new();
    private Pacer? _link;
    private int _reads;
    private long _bytes;

    /// <summary>Starts it before the server at <paramref name="upstream"/> (host and port count), on an address of this machine.</summary>
    public FaultProxy(Uri upstream, FaultPlan? plan = null, IPAddress? listen = null)
    {
        _upstream = upstream;
        _listener = new TcpListener(listen ?? IPAddress.Loopback, 0);
        Plan = plan ?? _plan;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>May be replaced at any time; requests that come after it follow the new one. The count of a range's requests goes on, and an open connection keeps its rate.</summary>
    public FaultPlan Plan
    {
        get => _plan;
        set
        {
            _link = value.LinkBytesPerSecond is { } rate ? new Pacer(rate) : null;
            _plan = value;
        }
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Requests for blob content so far, hit or not.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Bytes of blob content passed on so far.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>How often a fault was injected so far.</summary>
    public int Count(Fault fault) => Volatile.Read(ref _counts[(int)fault]);

    /// <summary>The same resource through this proxy.</summary>
    public Uri Through(Uri resource) =>
        new UriBuilder(resource) { Host = ((IPEndPoint)_listener.LocalEndpoint).Address.ToString(), Port = Port }.Uri;

    /// <summary>What it has done, for the messages of tests.</summary>
    public override string ToString() =>
        $"The proxy has seen {Reads} reads and injected {string.Join(", ", Enum.GetValues<Fault>().Where(fault => Count(fault) > 0).Select(fault => $"{fault} {Count(fault)}"))}.";

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _end.Dispose();
    }

    /// <summary>What happens to this request; counts the request, not yet the fault.</summary>
    internal (Fault Fault, double At) Decide(HttpHead request)
    {
        Interlocked.Increment(ref _reads);

        // A range that is continued where it broke keeps its last byte, and is the same range.
        string range = request.Range.Split('-')[^1];
        int repeat = _repeats.AddOrUpdate($"{request.Path} {range}", 0, (_, count) => count + 1);
        return Plan.Draw(request.Path, range, repeat);
    }

    internal void Injected(Fault fault) => Interlocked.Increment(ref _counts[(int)fault]);

    /// <summary>Waits until the link has room for a piece of content.</summary>
    internal ValueTask PassAsync(int bytes, CancellationToken cancellationToken)
    {
        Interlocked.Add(ref _bytes, bytes);
        return _link is { } link ? link.PassAsync(bytes, cancellationToken) : ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync(_end.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            Task connection = ServeAsync(client);
            _connections.TryAdd(connection, 0);
            _ = connection.ContinueWith(ended => _connections.TryRemove(ended, out _), TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        await Task.Yield();
        using var connection = new ProxyConnection(this, client, _upstream);
        try
        {
            await connection.RunAsync(_end.Token);
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Either side went away, which is what a proxy passes on by closing the other.
        }
    }
}
