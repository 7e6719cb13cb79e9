namespace Ppma.Datasets.Scanning;

/// <summary>WebDataset's rule for members of a tar: what the path says up to the first dot of the file name is the sample, the rest the column.</summary>
internal static class MemberName
{
    /// <summary>False for what WebDataset passes over: <c>__x__</c>, names without an extension, and names that begin with a dot.</summary>
    public static bool TrySplit(string name, out string key, out string column)
    {
        (key, column) = ("", "");
        int file = name.LastIndexOf('/') + 1;
        int dot = name.IndexOf('.', file);
        if (dot <= file || dot == name.Length - 1 || IsMeta(name))
        {
            return false;
        }

        key = name[..dot];
        column = name[(dot + 1)..].ToLowerInvariant();
        return true;
    }

    private static bool IsMeta(string name)
    {
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        ReadOnlySpan<char> first = slash < 0 ? name : name.AsSpan(0, slash);
        return first.Length >= 4 && first.StartsWith("__", StringComparison.Ordinal) && first.EndsWith("__", StringComparison.Ordinal);
    }
}
