namespace Ppma.Datasets.Caching;

/// <summary>The shards whose files this process holds open: a bounded number, least recently used closed first. Thread-safe.</summary>
internal sealed class OpenShards(int limit)
{
    private readonly Lock _lock = new();
    private readonly List<LocalShard> _open = [];

    /// <summary>How many may be open.</summary>
    public int Limit => limit;

    /// <summary>Notes a shard that was opened.</summary>
    public void Add(LocalShard opened)
    {
        lock (_lock)
        {
            _open.Remove(opened);
            _open.Add(opened);
            if (_open.Count > limit)
            {
                LocalShard oldest = _open.MinBy(shard => shard.TouchedTicks)!;
                oldest.Close();
                _open.Remove(oldest);
            }
        }
    }

    /// <summary>Closes all that are not needed, so that other processes may remove them.</summary>
    public void CloseUnless(Func<LocalShard, bool> isNeeded)
    {
        lock (_lock)
        {
            foreach (LocalShard shard in _open.Where(shard => !isNeeded(shard)))
            {
                shard.Close();
            }

            _open.RemoveAll(shard => !shard.IsOpen);
        }
    }
}
