using System.Diagnostics;

namespace Ppma.Datasets.Caching;

/// <summary>Watches whether another process goes on filling a file: the file's time changes with every write.</summary>
internal sealed class PeerWatch(TimeSpan patience)
{
    private (string Path, DateTime Written) _seen;
    private long _since;

    /// <summary>Whether nothing was written for longer than the patience: stopped, or its network is.</summary>
    public bool HasStalled { get; private set; }

    public void Look(string path)
    {
        (string Path, DateTime Written) now = (path, File.GetLastWriteTimeUtc(path));
        if (now != _seen)
        {
            _seen = now;
            _since = Stopwatch.GetTimestamp();
        }

        HasStalled = Stopwatch.GetElapsedTime(_since) >= patience;
    }
}
