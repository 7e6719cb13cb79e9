namespace Ppma.Datasets.Caching;

/// <summary>Which shards may go to make room for one.</summary>
/// <param name="Wanted">How many shards will be used before the one that needs room; below 0 when it is waited for now.</param>
/// <param name="Distance">How many shards will be used before that of a key; <see cref="int.MaxValue"/> when it is not expected.</param>
/// <param name="Release">Closes this process's own handle of a key's shard, which keeps it from being removed.</param>
/// <param name="Removed">Told the key of a shard that went.</param>
internal sealed record EvictionOrder(int Wanted, Func<string, int> Distance, Action<string> Release, Action<string> Removed)
{
    /// <summary>Only what is used later than the one that needs room; the farthest first, and of those not expected the least recently used.</summary>
    public IEnumerable<CacheFile> Candidates(IEnumerable<CacheFile> shards) => shards
        .Select(shard => (Shard: shard, Distance: Distance(shard.Key)))
        .Where(candidate => candidate.Distance > Wanted)
        .OrderByDescending(candidate => candidate.Distance)
        .ThenBy(candidate => candidate.Shard.LastUse)
        .Select(candidate => candidate.Shard);
}
