using System.Runtime.InteropServices;

namespace Ppma.Learning.Checkpoints;

/// <summary>Files that are whole or absent, whatever happens to the process or the machine.</summary>
internal static partial class DurableFile
{
    public const string TemporarySuffix = ".tmp";

    /// <summary>Writes under a temporary name, forces the bytes to disk, then renames over <paramref name="path"/>.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = path + TemporarySuffix;
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
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
