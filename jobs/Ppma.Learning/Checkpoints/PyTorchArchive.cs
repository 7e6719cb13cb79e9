using System.IO.Compression;
using System.Text;
using static TorchSharp.torch;

namespace Ppma.Learning.Checkpoints;

/// <summary>
/// The zip archive of a PyTorch checkpoint. Trusts no size, name or offset in it: entries are read as they are stored, never
/// unpacked, and nothing is written anywhere.
/// </summary>
internal sealed class PyTorchArchive
{
    private const string PickleFile = "data.pkl";
    private const long LongestPickle = 16 << 20;
    private const int ChunkBytes = 1 << 20;

    private readonly Dictionary<string, ZipArchiveEntry> entries = new(StringComparer.Ordinal);
    private readonly string root;

    /// <exception cref="CheckpointFormatException">Two entries have one name, a name leads out of the archive, or it is no file of torch.save.</exception>
    public PyTorchArchive(ZipArchive archive, string path, long fileBytes)
    {
        Path = path;
        FileBytes = fileBytes;
        foreach (var entry in archive.Entries)
        {
            if (entry.FullName.Split('/', '\\').Contains("..") || entry.FullName.StartsWith('/'))
            {
                throw Refuse($"its entry '{entry.FullName}' leads out of the archive.");
            }

            if (!entries.TryAdd(entry.FullName, entry))
            {
                throw Refuse($"it has two entries '{entry.FullName}'.");
            }
        }

        string[] pickles = [.. entries.Keys.Where(name => name == PickleFile || name.EndsWith("/" + PickleFile, StringComparison.Ordinal))];
        root = pickles is [var only] ? only[..^PickleFile.Length] : throw Refuse($"the archive has {pickles.Length} {PickleFile}, not one; only files of torch.save are read.");
        if (entries.ContainsKey(root + "byteorder") && Encoding.ASCII.GetString(Bytes("byteorder", 16)).Trim() is not "little" and var other)
        {
            throw Refuse($"its numbers are {other}-endian; only little-endian files are read.");
        }
    }

    public string Path { get; }

    public long FileBytes { get; }

    public byte[] Pickle() => Bytes(PickleFile, LongestPickle);

    /// <summary>All elements of a storage, as they are stored: (elements).</summary>
    public Tensor Storage(PickleStorage storage, ScalarType type, int elementBytes)
    {
        var entry = Entry($"data/{storage.Key}");
        if (storage.Elements < 0 || entry.Length % elementBytes != 0 || entry.Length / elementBytes != storage.Elements)
        {
            throw Refuse($"its data/{storage.Key} needs {storage.Elements} elements of {elementBytes} bytes but has {entry.Length} bytes.");
        }

        var tensor = empty(storage.Elements, dtype: type);
        using var stream = entry.Open();
        for (long done = 0; done < storage.Elements; done += ChunkBytes)
        {
            using var chunk = tensor.narrow(0, done, Math.Min(ChunkBytes, storage.Elements - done));
            stream.ReadExactly(chunk.bytes);
        }

        return tensor;
    }

    public CheckpointFormatException Refuse(string problem) => new(Path, problem);

    private byte[] Bytes(string name, long longest)
    {
        var entry = Entry(name);
        if (entry.Length > longest)
        {
            throw Refuse($"its '{name}' has {entry.Length} bytes; at most {longest} are read.");
        }

        var bytes = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }

    private ZipArchiveEntry Entry(string name)
    {
        if (!entries.TryGetValue(root + name, out var entry))
        {
            throw Refuse($"its '{name}' is missing.");
        }

        return entry.CompressedLength == entry.Length && entry.Length <= FileBytes
            ? entry
            : throw Refuse($"its '{name}' is compressed ({entry.CompressedLength} to {entry.Length} bytes), or longer than the file; torch.save only stores.");
    }
}
