using Ppma.Datasets.Indexing;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Packing;

/// <summary>
/// The folder that a data set is written to. Everything grows in a folder inside it and is moved up at the end, the index
/// last: without an index nothing is trusted, and the inner folder tells an interrupted write from a user's files.
/// </summary>
internal sealed class PackingFolder : IDisposable
{
    private readonly string _folder;
    private readonly FileStream _lock;

    private PackingFolder(string folder, FileStream exclusiveLock)
    {
        _folder = folder;
        _lock = exclusiveLock;
    }

    private string Partial => Path.Combine(_folder, PackedNames.PartialFolder);

    private string Index => Path.Combine(_folder, DatasetIndex.FileName);

    public static PackingFolder Open(string folder, bool overwrite)
    {
        string partial = Path.Combine(folder, PackedNames.PartialFolder);
        bool wasInterrupted = Directory.Exists(partial);
        if (File.Exists(Path.Combine(folder, DatasetIndex.FileName)))
        {
            if (!overwrite)
            {
                throw new DatasetWriteException(folder, "a complete data set is here already", "Choose another folder, or ask to overwrite it");
            }
        }
        else if (!wasInterrupted && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new DatasetWriteException(folder, "the folder is not empty and holds no data set", "Choose an empty folder");
        }

        Directory.CreateDirectory(partial);
        var opened = new PackingFolder(folder, Lock(folder, partial));
        opened.RemoveLeftovers();
        return opened;
    }

    public string PartialPath(string name) => Path.Combine(Partial, name);

    /// <summary>Moves the files up, replacing a data set that is there.</summary>
    public void Publish(byte[] index, IEnumerable<ShardEntry> shards)
    {
        string staged = DurableFile.Stage(PartialPath(DatasetIndex.FileName), index);
        File.Delete(Index);
        RemoveShards();
        foreach (ShardEntry shard in shards)
        {
            File.Move(PartialPath(shard.Name), Path.Combine(_folder, shard.Name));
            File.Move(PartialPath(shard.Offsets.Name), Path.Combine(_folder, shard.Offsets.Name));
        }

        // The shards are where the index says before there is an index.
        DurableFile.FlushFolder(_folder);
        DurableFile.Commit(staged, Index);
    }

    /// <summary>Removes what was not published.</summary>
    public void Dispose()
    {
        try
        {
            RemoveUnpublished();
            Directory.Delete(Partial, recursive: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // The next writer removes it; the error that led here matters more.
        }

        _lock.Dispose();
    }

    private static FileStream Lock(string folder, string partial)
    {
        try
        {
            return new FileStream(Path.Combine(partial, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException problem) when (problem is not (FileNotFoundException or DirectoryNotFoundException) && problem.HResult == 11)
        {
            throw new DatasetWriteException(folder, "another process is writing here", "Wait for it, or choose another folder", problem);
        }
    }

    private void RemoveLeftovers()
    {
        foreach (string file in Directory.EnumerateFiles(Partial).Where(file => Path.GetFileName(file) != "lock"))
        {
            File.Delete(file);
        }

        RemoveUnpublished();
    }

    private void RemoveUnpublished()
    {
        if (!File.Exists(Index))
        {
            RemoveShards();
        }
    }

    private void RemoveShards()
    {
        foreach (string file in Directory.EnumerateFiles(_folder).Where(file => PackedNames.IsShardOrOffsets(Path.GetFileName(file))))
        {
            File.Delete(file);
        }
    }
}
