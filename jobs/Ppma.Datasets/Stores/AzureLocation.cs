namespace Ppma.Datasets.Stores;

/// <summary>
/// A folder of a container: <c>https://ACCOUNT.blob.core.windows.net/CONTAINER/PREFIX</c>, or with the account in the path where the
/// host is this machine, an IP address or an http host: <c>http://127.0.0.1:10000/ACCOUNT/CONTAINER/PREFIX</c>.
/// </summary>
internal sealed class AzureLocation
{
    private AzureLocation(Uri container, string account, string prefix)
    {
        Container = container;
        Account = account;
        Prefix = prefix;
        Folder = new Uri(container.AbsoluteUri + "/" + Escape(prefix));
    }

    /// <summary>Without a slash at the end.</summary>
    public Uri Container { get; }

    public string Account { get; }

    /// <summary>What the names of all blobs of the folder begin with, not escaped: empty, or ending in a slash.</summary>
    public string Prefix { get; }

    /// <summary>With a slash at the end.</summary>
    public Uri Folder { get; }

    /// <summary>The address that all containers of the account are below.</summary>
    public Uri Service => new(Container, Container.Segments.Length == 2 ? "/" : $"/{Account}");

    public string ContainerName => Uri.UnescapeDataString(Container.Segments[^1]);

    /// <exception cref="StoreException">It is not such a URI (<see cref="StoreFailure.UnsupportedUri"/>). The message never repeats a query.</exception>
    public static AzureLocation Parse(Uri uri)
    {
        string shown = uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        if (uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
        {
            throw Refuse(
                shown, "the URI carries more than a place (a query, a fragment or a user), which logs and records would show to everybody",
                "Put a SAS token into a file and name the file as the credentials; write ? and # in names as %3F and %23");
        }

        bool plain = uri.Scheme == Uri.UriSchemeHttp;
        if (plain && !IsNear(uri))
        {
            throw Refuse(
                shown, "http would show data and tokens to the network",
                "Use https; http is for this machine (127.0.0.1, localhost) and the cluster's own names (azurite, azurite.ns.svc, azurite.local)");
        }

        string[] segments = uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        bool accountInPath = plain || uri.IsLoopback || uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6;
        int before = accountInPath ? 2 : 1;
        if (segments.Length < before)
        {
            throw Refuse(
                shown, accountInPath ? "the path names no account and container" : "the path names no container",
                accountInPath ? "Write http://HOST:PORT/ACCOUNT/CONTAINER/FOLDER" : "Write https://ACCOUNT.blob.core.windows.net/CONTAINER/FOLDER");
        }

        string root = uri.GetLeftPart(UriPartial.Authority);
        return new AzureLocation(
            new Uri($"{root}/{string.Join('/', segments[..before])}"),
            accountInPath ? Uri.UnescapeDataString(segments[0]) : uri.Host.Split('.')[0],
            string.Concat(segments[before..].Select(segment => Uri.UnescapeDataString(segment) + "/")));
    }

    /// <summary>The address of a blob of the folder.</summary>
    public Uri AddressOf(string name) => new(Folder.AbsoluteUri + Escape(name));

    private static string Escape(string name) => string.Join('/', name.Split('/').Select(Uri.EscapeDataString));

    private static bool IsNear(Uri uri) =>
        uri.IsLoopback
        || (uri.HostNameType == UriHostNameType.Dns
            && (!uri.Host.Contains('.', StringComparison.Ordinal)
                || uri.Host.EndsWith(".svc", StringComparison.OrdinalIgnoreCase)
                || uri.Host.EndsWith(".local", StringComparison.OrdinalIgnoreCase)));

    private static StoreException Refuse(string uri, string problem, string fix) => new(StoreFailure.UnsupportedUri, uri, problem, fix);
}
