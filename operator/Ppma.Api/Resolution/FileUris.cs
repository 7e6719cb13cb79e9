namespace Ppma.Api.Resolution;

/// <summary><c>file:</c> URIs of manifests, absolute or relative to a folder that the caller names.</summary>
public static class FileUris
{
    private const string Scheme = "file:";

    /// <summary>The absolute URI of <paramref name="uri"/>; other schemes stay as they are.</summary>
    /// <param name="uri"><c>file:///absolute</c>, <c>file:NAME</c> below <paramref name="root"/>, or another scheme.</param>
    /// <param name="root">A folder.</param>
    public static string Resolve(string uri, string root) =>
        !uri.StartsWith(Scheme, StringComparison.Ordinal) ? uri
        : uri.StartsWith("file:///", StringComparison.Ordinal) ? FromPath(new Uri(uri).LocalPath)
        : FromPath(Path.Combine(Path.GetFullPath(root), uri[Scheme.Length..]));

    /// <summary>The <c>file:///</c> URI of a path, without a closing slash.</summary>
    public static string FromPath(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return "file://" + string.Join('/', full.Replace(Path.DirectorySeparatorChar, '/').Split('/').Select(Uri.EscapeDataString));
    }

    /// <summary>The path of an absolute <c>file:</c> URI.</summary>
    /// <exception cref="InvalidDataException">Another scheme.</exception>
    public static string ToPath(string uri) => Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.IsFile
        ? parsed.LocalPath
        : throw new InvalidDataException($"\"{uri}\" is not a file: URI; only local files can be used here");

    /// <summary>The URI of something below a folder's URI.</summary>
    public static string Below(string folder, string relative) =>
        $"{folder.TrimEnd('/')}/{string.Join('/', relative.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.EscapeDataString))}";
}
