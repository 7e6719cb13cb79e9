namespace Ppma.Video.Loading;

/// <summary>
/// The clips that could not be decoded, in the order of the batches they were meant for: counted when a batch is handed over, so that
/// neither threads nor how far loading is ahead change them. Thread-safe.
/// </summary>
public sealed class DamagedClips
{
    /// <summary>More than anyone reads; a record should not grow with the damage.</summary>
    private const int MostNamed = 100;

    private readonly Lock _lock = new();
    private readonly List<DamagedClip> _named = [];
    private long _count;

    /// <summary>All of them; a clip that came up twice counts twice.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>The first hundred.</summary>
    public IReadOnlyList<DamagedClip> Named
    {
        get
        {
            lock (_lock)
            {
                return [.. _named];
            }
        }
    }

    internal void Add(IReadOnlyList<DamagedClip> clips)
    {
        lock (_lock)
        {
            _named.AddRange(clips.Take(MostNamed - _named.Count));
            _count += clips.Count;
        }
    }
}
