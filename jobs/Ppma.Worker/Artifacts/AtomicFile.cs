namespace Ppma.Worker.Artifacts;

/// <summary>Whole files or none: written beside the target, flushed to the disk, then renamed over it.</summary>
internal static class AtomicFile
{
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        string temporary = Stage(path, bytes);
        try
        {
            Commit(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes and flushes the bytes beside <paramref name="path"/>.</summary>
    /// <returns>The temporary file's path, for <see cref="Commit"/>.</returns>
    public static string Stage(string path, ReadOnlySpan<byte> bytes)
    {
        string temporary = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            using var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        return temporary;
    }

    public static void Commit(string temporary, string path) => File.Move(temporary, path, overwrite: true);
}
