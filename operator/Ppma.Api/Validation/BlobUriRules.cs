using System.Text.RegularExpressions;

namespace Ppma.Api.Validation;

/// <summary>
/// Folders of blob containers: <c>https://ACCOUNT.blob.core.windows.net/CONTAINER/PREFIX</c>, or with the account in the path where the
/// host is this machine, an IP address or an http host (emulators): <c>http://127.0.0.1:10000/ACCOUNT/CONTAINER/PREFIX</c>.
/// </summary>
internal static partial class BlobUriRules
{
    /// <summary>What is wrong with a URI of another scheme than file, or null. The text never repeats a query, which may hold a token.</summary>
    public static string? Problem(string uri, string fix)
    {
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || (parsed.Scheme != Uri.UriSchemeHttps && parsed.Scheme != Uri.UriSchemeHttp))
        {
            return $"\"{uri.Split('?')[0]}\" is not a place; {fix}";
        }

        var shown = parsed.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        if (parsed.Query.Length > 0 || parsed.Fragment.Length > 0 || parsed.UserInfo.Length > 0)
        {
            return $"\"{shown}\" carries more than a place (a query, a fragment or a user); keep tokens in a Secret and name it under credentials; write ? and # in names as %3F and %23";
        }

        var plain = parsed.Scheme == Uri.UriSchemeHttp;
        if (plain && !IsNear(parsed))
        {
            return $"\"{shown}\" would show data and tokens to the network; use https; http is for this machine (127.0.0.1, localhost) and the cluster's own names (azurite, azurite.ns.svc, azurite.local)";
        }

        return Path(parsed, plain, shown);
    }

    private static string? Path(Uri uri, bool plain, string shown)
    {
        // Uri has resolved dots already; what was written counts, since blob names are not resolved.
        if (uri.OriginalString.Split('/').Any(segment => segment is "." or ".."))
        {
            return $"\"{shown}\" is written with \".\" or \"..\"; write the whole path";
        }

        var accountInPath = plain || uri.IsLoopback || uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6;
        var segments = uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var container = accountInPath ? 1 : 0;
        if (segments.Length <= container)
        {
            return accountInPath
                ? $"\"{shown}\" names no account and container; write http://<host>:<port>/<account>/<container>/<prefix>"
                : $"\"{shown}\" names no container; write https://<account>.blob.core.windows.net/<container>/<prefix>";
        }

        return ContainerName.IsMatch(segments[container]) ? null
            : $"\"{segments[container]}\" in \"{shown}\" cannot be a container; its name has 3 to 63 lower-case letters, digits and single hyphens";
    }

    private static bool IsNear(Uri uri) =>
        uri.IsLoopback
        || (uri.HostNameType == UriHostNameType.Dns
            && (!uri.Host.Contains('.', StringComparison.Ordinal)
                || uri.Host.EndsWith(".svc", StringComparison.OrdinalIgnoreCase)
                || uri.Host.EndsWith(".local", StringComparison.OrdinalIgnoreCase)));

    // $root and $web are containers of their own kind.
    [GeneratedRegex(@"\A(\$root|\$web|(?=.{3,63}\z)[a-z0-9]+(-[a-z0-9]+)*)\z")]
    private static partial Regex ContainerName { get; }
}
