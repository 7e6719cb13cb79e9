using System.Text.Json;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Packing;

/// <summary>
/// The complete shards of a write that has not ended: a line for what is written, then one for each shard. A line is on the disk
/// before anything relies on it; a last line that was cut off counts for nothing.
/// </summary>
internal sealed class PackingJournal : IDisposable
{
    public const string FileName = "journal.jsonl";
    private const int Version = 1;

    private readonly FileStream _file;

    private PackingJournal(FileStream file)
    {
        _file = file;
    }

    /// <summary>The shards listed under this key; null where there is no journal, or one of another key.</summary>
    public static IReadOnlyList<ShardEntry>? Read(string path, string key)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        string[] lines = File.ReadAllText(path).Split('\n');
        if (Parse<Head>(lines[0]) != new Head(Version, key))
        {
            return null;
        }

        return [.. lines[1..^1].Select(Parse<ShardEntry>).TakeWhile(shard => shard is not null).OfType<ShardEntry>()];
    }

    /// <summary>Begins a journal with these shards, in place of one that is there.</summary>
    public static PackingJournal Begin(string path, string key, IEnumerable<ShardEntry> shards)
    {
        DurableFile.Write(path, stream =>
        {
            stream.Write(Line(new Head(Version, key)));
            foreach (ShardEntry shard in shards)
            {
                stream.Write(Line(shard));
            }
        });
        return new PackingJournal(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0));
    }

    public void Add(ShardEntry shard)
    {
        _file.Write(Line(shard));
        _file.Flush(flushToDisk: true);
    }

    public void Dispose() => _file.Dispose();

    private static byte[] Line<T>(T value) => [.. JsonSerializer.SerializeToUtf8Bytes(value), (byte)'\n'];

    private static T? Parse<T>(string line)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Head(int Version, string Key);
}
