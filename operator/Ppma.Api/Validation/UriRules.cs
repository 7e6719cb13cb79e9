namespace Ppma.Api.Validation;

/// <summary>Where data and artifacts may lie.</summary>
internal static class UriRules
{
    private const string Fix = "use file:NAME (below the folder that the command is given), file:///absolute/path, or https://<account>.blob.core.windows.net/<container>/<prefix>";

    public static void Check(string uri, string path, Findings findings)
    {
        if (uri.Length > 0 && Problem(uri) is { } problem)
        {
            findings.Add(path, problem);
        }
    }

    private static string? Problem(string uri)
    {
        if (uri.StartsWith("file:", StringComparison.Ordinal))
        {
            var place = uri["file:".Length..];
            return place.Split('/').Contains("..") ? $"\"{uri}\" leaves its folder with \"..\"; write the absolute path"
                : place.StartsWith("//", StringComparison.Ordinal) && !place.StartsWith("///", StringComparison.Ordinal) ? $"\"{uri}\" names a host; {Fix}"
                : place.Length == 0 || (place[0] == '/' && !place.StartsWith("///", StringComparison.Ordinal)) ? $"\"{uri}\" is not a place; {Fix}"
                : null;
        }

        return BlobUriRules.Problem(uri, Fix);
    }
}
