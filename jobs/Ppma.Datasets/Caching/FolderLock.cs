using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Ppma.Datasets.Caching;

/// <summary>Keeps the threads of all processes apart while they change a cache's folder. Held for moments only.</summary>
internal sealed class FolderLock(string path)
{
    private readonly Lock _threads = new();

    /// <summary>Takes the lock.</summary>
    /// <returns>What gives it back, on the same thread; null when it could not be had for so long, as when its holder is stopped.</returns>
    public Held? TryEnter(TimeSpan patience, CancellationToken cancellationToken = default)
    {
        long begun = Stopwatch.GetTimestamp();
        if (!_threads.TryEnter(patience))
        {
            return null;
        }

        try
        {
            // The kernel does not say when a lock is given back to those who do not block in it, and nobody here may block forever.
            for (int pause = 1; ; pause = Math.Min(2 * pause, 16))
            {
                if (LockedFile.TryOpenExclusive(path, FileMode.OpenOrCreate) is { } file)
                {
                    return new Held(_threads, file);
                }

                cancellationToken.ThrowIfCancellationRequested();
                if (Stopwatch.GetElapsedTime(begun) >= patience)
                {
                    break;
                }

                cancellationToken.WaitHandle.WaitOne(pause);
            }
        }
        catch
        {
            _threads.Exit();
            throw;
        }

        _threads.Exit();
        return null;
    }

    internal sealed class Held(Lock threads, SafeFileHandle file) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            threads.Exit();
        }
    }
}
