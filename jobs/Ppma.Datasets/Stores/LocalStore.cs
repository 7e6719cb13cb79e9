using System.Runtime.CompilerServices;
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

    public bool IsRemote => false;

    public ValueTask<BlobFacts> GetFactsAsync(string name, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string path = PathOf(name);
        try
        {
            using SafeFileHandle file = Open(path);
            return ValueTask.FromResult(new BlobFacts(name, RandomAccess.GetLength(file), ETag: null));
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

    public void Pin(string name, string eTag)
    {
    }

    public async IAsyncEnumerable<BlobFacts> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string[] names;
        try
        {
            names = [.. Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Select(NameOf).Order(StringComparer.Ordinal)];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Explain(_folder, problem);
        }

        foreach (string name in names)
        {
            yield return await GetFactsAsync(name, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask WriteAsync(string name, Stream content, bool overwrite, CancellationToken cancellationToken = default)
    {
        string path = PathOf(name);
        try
        {
            if (!overwrite && File.Exists(path))
            {
                throw new StoreException(StoreFailure.AlreadyExists, path, "there is such a file already", "Choose another folder, or overwrite it");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await Task.Run(() => DurableFile.Write(path, content.CopyTo), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is (IOException or UnauthorizedAccessException) and not StoreException)
        {
            throw new StoreException(
                StoreFailure.Unavailable, path, $"writing failed ({problem.Message})", "Check permissions and free space of the disk", problem);
        }
    }

    public string Locate(string name) => Path.Combine(_folder, name);

    private string NameOf(string path) => Path.GetRelativePath(_folder, path).Replace(Path.DirectorySeparatorChar, '/');

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
