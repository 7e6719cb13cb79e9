namespace Ppma.Datasets.Caching;

/// <summary>Which bytes of a file are there. Few ranges at a time, because those that touch become one.</summary>
internal sealed class LandedRanges
{
    private readonly List<(long Start, long End)> _ranges = [];

    /// <summary>Bytes that are there without a gap from the start.</summary>
    public long Prefix => _ranges is [(0, var end), ..] ? end : 0;

    public void Add(long start, long end)
    {
        int first = _ranges.FindIndex(range => range.End >= start);
        if (first < 0)
        {
            _ranges.Add((start, end));
            return;
        }

        int behind = first;
        for (; behind < _ranges.Count && _ranges[behind].Start <= end; behind++)
        {
            start = Math.Min(start, _ranges[behind].Start);
            end = Math.Max(end, _ranges[behind].End);
        }

        _ranges.RemoveRange(first, behind - first);
        _ranges.Insert(first, (start, end));
    }

    public bool Contains(long start, long end) => FirstGap(start) >= end;

    /// <summary>The first byte from <paramref name="start"/> on that is not there.</summary>
    public long FirstGap(long start)
    {
        foreach ((long from, long end) in _ranges)
        {
            if (from <= start && start < end)
            {
                return end;
            }
        }

        return start;
    }

    public void Clear() => _ranges.Clear();
}
