using System.Security.Cryptography;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Packing;

/// <summary>
/// The folder that a data set is written to. Everything grows in a folder inside it and is moved up at the end, the index
/// last: without an index nothing is trusted, and the inner folder tells an interrupted write from a user's files.
/// </summary>
internal sealed class PackingFolder : IDisposable
{
    private const string LockName = "lock";
    private const string JournalName = "journal.jsonl";

    private readonly string _folder;
    private readonly FileStream _lock;
    private readonly PackingOptions _options;
    private DurableJournal<ShardEntry>? _journal;
    private bool _isPublished;

    private PackingFolder(string folder, PackingOptions options, FileStream exclusiveLock)
    {
        _folder = folder;
        _options = options;
        _lock = exclusiveLock;
    }

    public PackingStart Start { get; private set; }

    /// <summary>Complete shards of an interrupted write and the keys of their samples.</summary>
    public IReadOnlyList<(ShardEntry Shard, IReadOnlyList<string> Keys)> Kept { get; private set; } = [];

    private string Partial => Path.Combine(_folder, PackedNames.PartialFolder);

    private string Index => Path.Combine(_folder, DatasetIndex.FileName);

    /// <param name="folder">The data set's folder.</param>
    /// <param name="options">Whether to replace and to resume.</param>
    /// <param name="classes">How many classes the data set has.</param>
    public static PackingFolder Open(string folder, PackingOptions options, int classes)
    {
        string partial = Path.Combine(folder, PackedNames.PartialFolder);
        bool wasInterrupted = Directory.Exists(partial);
        if (File.Exists(Path.Combine(folder, DatasetIndex.FileName)))
        {
            if (!options.Overwrite)
            {
                throw new DatasetWriteException(folder, "a complete data set is here already", "Choose another folder, or ask to overwrite it");
            }
        }
        else if (!wasInterrupted && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new DatasetWriteException(folder, "the folder is not empty and holds no data set", "Choose an empty folder");
        }

        Directory.CreateDirectory(partial);
        var opened = new PackingFolder(folder, options, Lock(folder, partial));
        try
        {
            opened.TakeOver(classes);
            return opened;
        }
        catch
        {
            opened._lock.Dispose();
            throw;
        }
    }

    public string PartialPath(string name) => Path.Combine(Partial, name);

    /// <summary>Remembers a complete shard, so that an interrupted write can go on behind it.</summary>
    public void Keep(ShardEntry shard)
    {
        if (_journal is not null)
        {
            DurableFile.FlushFolder(Partial);
            _journal.Add(shard);
        }
    }

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
        _isPublished = true;
    }

    /// <summary>Removes what was not published, except complete shards that the next write can go on behind.</summary>
    public void Dispose()
    {
        bool keeps = _journal is not null && !_isPublished;
        _journal?.Dispose();
        try
        {
            if (!keeps)
            {
                RemoveUnpublished();
                Directory.Delete(Partial, recursive: true);
            }
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
            return new FileStream(Path.Combine(partial, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException problem) when (problem is not (FileNotFoundException or DirectoryNotFoundException) && problem.HResult == 11)
        {
            throw new DatasetWriteException(folder, "another process is writing here", "Wait for it, or choose another folder", problem);
        }
    }

    /// <summary>Keeps what can be trusted of an interrupted write of the same samples, and removes the rest.</summary>
    private void TakeOver(int classes)
    {
        string journal = PartialPath(JournalName);
        bool wasJournaled = File.Exists(journal);
        if (_options.ResumeKey is { } key)
        {
            if (DurableJournal<ShardEntry>.Read(journal, key) is { } listed)
            {
                Start = PackingStart.Continued;
                Kept = Trusted(listed, classes);
            }
            else if (wasJournaled)
            {
                Start = PackingStart.Replaced;
            }

            _journal = DurableJournal<ShardEntry>.Begin(journal, key, Kept.Select(kept => kept.Shard));
        }

        HashSet<string> stays =
        [
            LockName,
            .. _journal is null ? Array.Empty<string>() : [JournalName],
            .. Kept.SelectMany(kept => new[] { kept.Shard.Name, kept.Shard.Offsets.Name }),
        ];
        foreach (string file in Directory.EnumerateFiles(Partial).Where(file => !stays.Contains(Path.GetFileName(file))))
        {
            File.Delete(file);
        }

        RemoveUnpublished();
    }

    /// <summary>The listed shards that are there as listed; of each split those before the first that is not, for numbers have no gaps.</summary>
    private List<(ShardEntry, IReadOnlyList<string>)> Trusted(IReadOnlyList<ShardEntry> listed, int classes)
    {
        var trusted = new List<(ShardEntry, IReadOnlyList<string>)>();
        var broken = new HashSet<string>(StringComparer.Ordinal);
        foreach (ShardEntry shard in listed.Where(shard => !broken.Contains(shard.Split)))
        {
            MoveBack(shard.Name);
            MoveBack(shard.Offsets.Name);
            if (KeysOf(shard, classes) is { } keys)
            {
                trusted.Add((shard, keys));
            }
            else
            {
                broken.Add(shard.Split);
            }
        }

        return trusted;
    }

    /// <summary>The write may have been interrupted while it moved its files up.</summary>
    private void MoveBack(string name)
    {
        string moved = Path.Combine(_folder, name);
        if (!File.Exists(Index) && !File.Exists(PartialPath(name)) && File.Exists(moved))
        {
            File.Move(moved, PartialPath(name));
        }
    }

    private string[]? KeysOf(ShardEntry shard, int classes)
    {
        var tar = new FileInfo(PartialPath(shard.Name));
        string offsetsPath = PartialPath(shard.Offsets.Name);
        bool isThere = tar.Exists ? tar.Length == shard.Bytes : _options.IsKeptElsewhere(shard);
        if (!isThere || !File.Exists(offsetsPath))
        {
            return null;
        }

        byte[] bytes = File.ReadAllBytes(offsetsPath);
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != shard.Offsets.Sha256)
        {
            return null;
        }

        OffsetTable offsets = OffsetTable.Parse(bytes, shard, classes, offsetsPath);
        return [.. Enumerable.Range(0, offsets.Count).Select(i => offsets[i].Key)];
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
