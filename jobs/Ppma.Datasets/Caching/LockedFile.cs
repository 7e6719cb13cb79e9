using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ppma.Datasets.Caching;

/// <summary>
/// Files under advisory locks of the kernel (flock), which end with their process however it ends. A handle for reading holds a
/// shared lock, one for writing an exclusive lock: that is how .NET shares files on Unix.
/// </summary>
internal static partial class LockedFile
{
    private const int SharedLock = 1;

    // EWOULDBLOCK as Linux numbers it.
    private const int WouldBlock = 11;

    /// <summary>Opens a file for reading under a shared lock; null when it is gone, or locked by one who is about to remove it.</summary>
    public static SafeFileHandle? TryOpenShared(string path) => TryOpen(path, FileMode.Open, FileAccess.Read, FileShare.Read);

    /// <summary>Opens a file under an exclusive lock; null when it is gone or in use.</summary>
    public static SafeFileHandle? TryOpenExclusive(string path, FileMode mode = FileMode.Open) =>
        TryOpen(path, mode, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Creates a file of a size under an exclusive lock. Its space is taken at once.</summary>
    public static SafeFileHandle CreateExclusive(string path, long bytes)
    {
        SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.None, bytes);
        try
        {
            RandomAccess.SetLength(file, bytes);
            return file;
        }
        catch
        {
            File.Delete(path);
            file.Dispose();
            throw;
        }
    }

    /// <summary>Lets others read beside this handle.</summary>
    public static void Share(SafeFileHandle file)
    {
        if (Flock(file, SharedLock) != 0)
        {
            throw new IOException($"A lock cannot be shared: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        }
    }

    private static SafeFileHandle? TryOpen(string path, FileMode mode, FileAccess access, FileShare share)
    {
        try
        {
            return File.OpenHandle(path, mode, access, share);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (IOException problem) when (problem.HResult == WouldBlock)
        {
            return null;
        }
        catch (UnauthorizedAccessException) when (share == FileShare.None && mode == FileMode.Open)
        {
            // Another user's shard is theirs to remove.
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle file, int operation);
}
