using System.Text.RegularExpressions;

namespace Ppma.Datasets.Scanning;

/// <summary>Finds a shard's split in its name: <c>train/000000.tar</c>, <c>train-000000.tar</c>, <c>kinetics-val-00.tar</c>.</summary>
internal static partial class SplitNames
{
    private static readonly HashSet<string> Usual =
        new(StringComparer.OrdinalIgnoreCase) { "train", "training", "val", "valid", "validation", "dev", "test", "testing", "eval" };

    /// <summary>
    /// A usual name among the folders (the innermost first) or the words of the file name; else what stands before the shard's
    /// number; else null.
    /// </summary>
    public static string? Of(string shard)
    {
        string[] path = shard.Split('/');
        string prefix = NumberPattern().Replace(path[^1].Split('.')[0], "");
        IEnumerable<string> words = path[..^1].Reverse().Concat(prefix.Split('-', '_'));
        string? found = words.FirstOrDefault(Usual.Contains) ?? (prefix.Length > 0 ? prefix : null);
        return found?.ToLowerInvariant();
    }

    /// <summary>The split that a folder is named after: the innermost usual name, else the innermost folder; null for the root.</summary>
    public static string? OfFolder(string folder)
    {
        string[] path = folder.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (path.LastOrDefault(Usual.Contains) ?? path.LastOrDefault())?.ToLowerInvariant();
    }

    [GeneratedRegex(@"[-_]?\d+([-_]of[-_]\d+)?\z")]
    private static partial Regex NumberPattern();
}
