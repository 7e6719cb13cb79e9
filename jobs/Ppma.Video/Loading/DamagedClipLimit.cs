namespace Ppma.Video.Loading;

/// <summary>
/// Counts clips that could not be decoded. One bad file is no reason to stop a run of days;
/// a row of them means that the data, not a clip, is wrong.
/// </summary>
public sealed class DamagedClipLimit(int inARow = 20)
{
    private readonly Lock _lock = new();
    private int _run;
    private long _total;

    /// <summary>Damaged clips so far.</summary>
    public long Total
    {
        get
        {
            lock (_lock)
            {
                return _total;
            }
        }
    }

    /// <summary>A clip decoded.</summary>
    public void Good()
    {
        lock (_lock)
        {
            _run = 0;
        }
    }

    /// <summary>A clip did not decode.</summary>
    /// <exception cref="DamagedDatasetException">So many in a row did not.</exception>
    public void Bad(string dataset, string shard, string key, Exception cause)
    {
        lock (_lock)
        {
            _total++;
            if (++_run >= inARow)
            {
                throw new DamagedDatasetException(
                    $"data set '{dataset}': {_run} clips in a row could not be decoded, the last one is '{key}' in shard '{shard}' " +
                    $"({cause.Message}). Check the shard with 'ppma dataset verify --read-shards' and write it again.",
                    cause);
            }
        }
    }
}
