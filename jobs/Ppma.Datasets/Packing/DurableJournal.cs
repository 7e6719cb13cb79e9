using System.Text.Json;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Packing;

/// <summary>
/// What a piece of work has done so far: a line for what the work is, then one for each thing done. A line is on the disk before
/// anything relies on it; a last line that was cut off counts for nothing.
/// </summary>
internal sealed class DurableJournal<T> : IDisposable
    where T : class
{
    private const int Version = 1;

    private readonly FileStream _file;

    private DurableJournal(FileStream file)
    {
        _file = file;
    }

    /// <summary>What was done under this key; null where there is no journal, or one of another key.</summary>
    public static IReadOnlyList<T>? Read(string path, string key)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        string[] lines = File.ReadAllText(path).Split('\n');
        return Parse<Head>(lines[0]) == new Head(Version, key)
            ? [.. lines[1..].SkipLast(1).Select(Parse<T>).TakeWhile(entry => entry is not null).OfType<T>()]
            : null;
    }

    /// <summary>Begins a journal with these entries, in place of one that is there.</summary>
    public static DurableJournal<T> Begin(string path, string key, IEnumerable<T> entries)
    {
        DurableFile.Write(path, stream =>
        {
            stream.Write(Line(new Head(Version, key)));
            foreach (T entry in entries)
            {
                stream.Write(Line(entry));
            }
        });
        return new DurableJournal<T>(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0));
    }

    public void Add(T entry)
    {
        _file.Write(Line(entry));
        _file.Flush(flushToDisk: true);
    }

    public void Dispose() => _file.Dispose();

    private static byte[] Line<TLine>(TLine value) => [.. JsonSerializer.SerializeToUtf8Bytes(value), (byte)'\n'];

    private static TLine? Parse<TLine>(string line)
        where TLine : class
    {
        try
        {
            return JsonSerializer.Deserialize<TLine>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Head(int Version, string Key);
}
