using System.Diagnostics;

namespace Ppma.Testing.Files;

/// <summary>
/// A static file server in a process of its own, for measuring what a client costs: it answers reads of blobs as Azure does (GET, HEAD,
/// ranges, ETag, If-Match) by sendfile, about as fast as the loopback device. It wants no signature.
/// </summary>
public sealed class StaticServer : IAsyncDisposable
{
    private readonly IAsyncDisposable _host;

    private StaticServer(Uri address, IAsyncDisposable host)
    {
        _host = host;
        ContainerUri = new Uri(address, "account/container");
    }

    /// <summary>The folder's files, as blobs for anybody: <c>http://127.0.0.1:PORT/account/container</c>.</summary>
    public Uri ContainerUri { get; }

    /// <summary>Starts it over a folder and waits until it listens.</summary>
    public static async Task<StaticServer> StartAsync(string folder, CancellationToken cancellationToken = default)
    {
        var program = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Ppma.Testing"), [Path.GetFullPath(folder)]);
        (Uri address, IAsyncDisposable host) = await ChildServer.StartAsync("The static file server", program, cancellationToken);
        return new StaticServer(address, host);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
