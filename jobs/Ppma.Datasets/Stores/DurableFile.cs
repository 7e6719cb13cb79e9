using System.Runtime.InteropServices;

namespace Ppma.Datasets.Stores;

/// <summary>Files that are whole or absent, whatever happens to the process or the machine.</summary>
public static partial class DurableFile
{
    /// <summary>How the names of files that are not complete end.</summary>
    public const string TemporarySuffix = ".tmp";

    private const int BufferBytes = 1 << 20;

    // ENOSPC and EDQUOT of Linux, which .NET passes on as they are.
    private const int NoSpaceLeft = 28;
    private const int QuotaExceeded = 122;

    /// <summary>Whether writing failed because the disk or the quota is used up.</summary>
    public static bool IsDiskFull(Exception problem) => problem is IOException { HResult: NoSpaceLeft or QuotaExceeded };

    /// <summary>Writes under a temporary name, forces the bytes to disk, then renames over <paramref name="path"/>.</summary>
    public static void Write(string path, Action<Stream> write) => Commit(Stage(path, write), path);

    /// <inheritdoc cref="Write(string, Action{Stream})"/>
    public static void Write(string path, ReadOnlySpan<byte> bytes) => Commit(Stage(path, bytes), path);

    /// <summary>Writes and flushes a file beside <paramref name="path"/>, under a name that no other process uses.</summary>
    /// <returns>The temporary file's path, for <see cref="Commit"/>.</returns>
    public static string Stage(string path, Action<Stream> write)
    {
        string temporary = $"{path}.{Guid.NewGuid():n}{TemporarySuffix}";
        try
        {
            using var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes);
            write(stream);
            stream.Flush(flushToDisk: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        return temporary;
    }

    /// <inheritdoc cref="Stage(string, Action{Stream})"/>
    public static string Stage(string path, ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        return Stage(path, stream => stream.Write(copy));
    }

    /// <summary>Renames a staged file over <paramref name="path"/>, durably.</summary>
    public static void Commit(string temporary, string path)
    {
        try
        {
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Makes renames inside the folder durable. Only Unix can; elsewhere the file system journals them.</summary>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(folder, 0);
        if (descriptor < 0 || Fsync(descriptor) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (descriptor >= 0)
            {
                _ = Close(descriptor);
            }

            throw new IOException($"Folder '{folder}' cannot be forced to disk: {Marshal.GetPInvokeErrorMessage(error)}.");
        }

        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
