using Microsoft.Win32.SafeHandles;

namespace Ppma.Datasets.Stores;

/// <summary>A folder of this machine. Opens the file for every read, so it holds no handle and needs no disposal.</summary>
internal sealed class LocalStore : IBlobStore
{
    private readonly string _folder;

    public LocalStore(string folder)
    {
        _folder = Path.GetFullPath(folder);
        Uri = new Uri(Path.EndsInDirectorySeparator(_folder) ? _folder : _folder + Path.DirectorySeparatorChar);
    }

    public Uri Uri { get; }

    public ValueTask<long> GetLengthAsync(string name, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string path = PathOf(name);
        try
        {
            using SafeFileHandle file = Open(path);
            return ValueTask.FromResult(RandomAccess.GetLength(file));
        }
        catch (Exception problem) when (problem is (IOException or UnauthorizedAccessException) and not StoreException)
        {
            throw Explain(path, problem);
        }
    }

    public async ValueTask ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        string path = PathOf(name);
        try
        {
            using SafeFileHandle file = Open(path);
            for (int done = 0; done < buffer.Length;)
            {
                int read = await RandomAccess.ReadAsync(file, buffer[done..], offset + done, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    throw new StoreException(
                        StoreFailure.ShortRead,
                        path,
                        $"bytes {offset} to {offset + buffer.Length} were asked for, but the file ends at {offset + done}",
                        "Copy the file again from its source");
                }

                done += read;
            }
        }
        catch (Exception problem) when (problem is (IOException or UnauthorizedAccessException) and not StoreException)
        {
            throw Explain(path, problem);
        }
    }

    private static SafeFileHandle Open(string path) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    private string PathOf(string name)
    {
        if (!BlobName.IsSafe(name))
        {
            throw new ArgumentException($"'{name}' is not a name below {Uri}.", nameof(name));
        }

        return Path.Combine(_folder, name);
    }

    private static StoreException Explain(string path, Exception problem) => problem switch
    {
        FileNotFoundException or DirectoryNotFoundException => new StoreException(
            StoreFailure.NotFound, path, "there is no such file", "Check the data set's URI, or pack the data set again", problem),
        UnauthorizedAccessException when Directory.Exists(path) => new StoreException(
            StoreFailure.NotFound, path, "this is a folder, not a file", "Check the data set's URI", problem),
        UnauthorizedAccessException => new StoreException(
            StoreFailure.PermissionDenied, path, "this user may not read the file", "Give read permission (chmod a+r)", problem),
        _ => new StoreException(
            StoreFailure.Unavailable, path, $"reading failed ({problem.Message})", "Check the disk or the mount, then run again", problem),
    };
}
