using System.Text.RegularExpressions;

namespace Ppma.Datasets.Packing;

/// <summary>Names that the writer gives, so that it can tell its own leftovers from a user's files.</summary>
internal static partial class PackedNames
{
    /// <summary>Where a data set grows. Exists from the first to the last moment of writing.</summary>
    public const string PartialFolder = ".partial";

    public static string Shard(string split, int number) => FormattableString.Invariant($"{split}-{number:D6}.tar");

    public static bool IsShardOrOffsets(string fileName) => ShardPattern().IsMatch(fileName);

    /// <summary>WebDataset cuts a name at its first dot, and folders would differ between tools: keys have neither.</summary>
    public static bool IsKey(string key) => KeyPattern().IsMatch(key);

    public static bool IsSplit(string split) => SplitPattern().IsMatch(split);

    public static bool IsVideoExtension(string extension) => ExtensionPattern().IsMatch(extension) && extension is not ("json" or "cls");

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,31}-\d{6}\.tar(\.idx)?\z")]
    private static partial Regex ShardPattern();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,80}\z")]
    private static partial Regex KeyPattern();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,31}\z")]
    private static partial Regex SplitPattern();

    [GeneratedRegex(@"^[a-z0-9]{1,8}\z")]
    private static partial Regex ExtensionPattern();
}
