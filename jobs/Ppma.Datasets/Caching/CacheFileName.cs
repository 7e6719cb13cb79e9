using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Caching;

/// <summary>The names of a cache's files. Nothing of another name is ever removed.</summary>
internal static partial class CacheFileName
{
    /// <summary>Says that a folder is a cache, and of which version.</summary>
    public const string Marker = "ppma-cache.json";

    /// <summary>Held locked while the folder is changed.</summary>
    public const string Lock = "ppma-cache.lock";

    private const string ShardSuffix = ".shard";

    public static string OfShard(CacheKey key) => key.Name + ShardSuffix;

    public static string OfArriving(CacheKey key) => $"{key.Name}.{Guid.NewGuid():n}{DurableFile.TemporarySuffix}";

    /// <summary>Whether it is a whole shard, and of which key.</summary>
    public static bool IsShard(string name, [NotNullWhen(true)] out string? key)
    {
        key = ShardPattern().IsMatch(name) ? name[..^ShardSuffix.Length] : null;
        return key is not null;
    }

    /// <summary>Whether it is a shard that some process fetches or fetched, and of which key.</summary>
    public static bool IsArriving(string name, [NotNullWhen(true)] out string? key)
    {
        key = ArrivingPattern().IsMatch(name) ? name[..name.IndexOf('.', StringComparison.Ordinal)] : null;
        return key is not null;
    }

    /// <summary>Whether a folder without a marker may hold it: what a process leaves that is killed while it sets up the cache.</summary>
    public static bool IsOfSetUp(string name) => name == Lock || name == "lost+found" || MarkerPattern().IsMatch(name);

    [GeneratedRegex(@"\A[0-9a-f]{64}\.shard\z", RegexOptions.CultureInvariant)]
    private static partial Regex ShardPattern();

    [GeneratedRegex(@"\A[0-9a-f]{64}\.[0-9a-f]{32}\.tmp\z", RegexOptions.CultureInvariant)]
    private static partial Regex ArrivingPattern();

    [GeneratedRegex(@"\Appma-cache\.json\.[0-9a-f]{32}\.tmp\z", RegexOptions.CultureInvariant)]
    private static partial Regex MarkerPattern();
}
