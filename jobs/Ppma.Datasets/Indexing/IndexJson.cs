using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Indexing;

/// <summary>Reads and writes <c>index.json</c>. Equal indexes give equal bytes, so the SHA-256 of the file names the data set.</summary>
public static class IndexJson
{
    private const string Repack = "Pack the data set again";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        IndentSize = 2,
        NewLine = "\n",
    };

    /// <summary>Writes an index: UTF-8, two spaces, fields in the order of the reference, a final newline.</summary>
    public static byte[] Serialize(DatasetIndex index)
    {
        var document = new IndexDocument
        {
            Version = DatasetIndex.CurrentVersion,
            Name = index.Name,
            Humans = index.Humans.ToString(),
            Licence = index.Licence,
            Classes = [.. index.Classes],
            Samples = index.Samples,
            Bytes = index.Bytes,
            Hash = index.Hashing == ShardHashing.Sha256 ? null : "etag",
            Provenance = index.Provenance,
            Shards = [.. index.Shards.Select(shard => new IndexDocument.Shard
            {
                Name = shard.Name,
                Split = shard.Split,
                Bytes = shard.Bytes,
                Samples = shard.Samples,
                Sha256 = shard.Sha256,
                ETag = shard.ETag,
                Offsets = new IndexDocument.Sidecar { Name = shard.Offsets.Name, Sha256 = shard.Offsets.Sha256 },
            })],
        };
        return [.. JsonSerializer.SerializeToUtf8Bytes(document, Options), (byte)'\n'];
    }

    /// <summary>Reads an index and checks everything that it alone can show.</summary>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="file">How messages name the file.</param>
    /// <exception cref="DatasetFormatException">The first problem found, with its field.</exception>
    public static DatasetIndex Parse(ReadOnlySpan<byte> utf8, string file)
    {
        IndexDocument document;
        try
        {
            document = JsonSerializer.Deserialize<IndexDocument>(utf8, Options)
                ?? throw Wrong(file, "holds null where an object is due", Repack);
        }
        catch (JsonException problem)
        {
            throw Wrong(file, $"is no index: {FirstSentence(problem.Message)} at {problem.Path ?? "$"}, line {problem.LineNumber + 1}", Repack, problem);
        }

        int version = Present(document.Version, file, "version");
        if (version != DatasetIndex.CurrentVersion)
        {
            throw Wrong(
                file,
                $"version is {version}; this program reads version {DatasetIndex.CurrentVersion}",
                "Use the program that wrote the data set, or pack it again");
        }

        ShardHashing hashing = Hashing(document.Hash, file);
        var index = new DatasetIndex
        {
            Name = Text(document.Name, file, "name"),
            Humans = Humans(document.Humans, file),
            Licence = Text(document.Licence, file, "licence"),
            Classes = Classes(document.Classes, file),
            Hashing = hashing,
            Provenance = Present(document.Provenance, file, "provenance"),
            Shards = Shards(document.Shards, hashing, file),
        };
        SameTotal(Present(document.Samples, file, "samples"), index.Samples, file, "samples");
        SameTotal(Present(document.Bytes, file, "bytes"), index.Bytes, file, "bytes");
        return index;
    }

    private static HumanPresence Humans(string? value, string file)
    {
        // Enum.Parse would take numbers too.
        string text = Text(value, file, "humans");
        return Enum.GetNames<HumanPresence>().Contains(text)
            ? Enum.Parse<HumanPresence>(text)
            : throw Wrong(file, $"humans is '{text}'", $"Use one of {string.Join(", ", Enum.GetNames<HumanPresence>())}");
    }

    private static ShardHashing Hashing(string? value, string file) => value switch
    {
        null or "sha256" => ShardHashing.Sha256,
        "etag" => ShardHashing.ETag,
        _ => throw Wrong(file, $"hash is '{value}'", "Use 'sha256', or 'etag' where storage has ETags"),
    };

    private static List<string> Classes(List<string?>? values, string file)
    {
        List<string> classes = [.. Present(values, file, "classes").Select((name, i) => Text(name, file, $"classes[{i}]"))];
        return FirstRepeated(classes) is { } repeated
            ? throw Wrong(file, $"classes names '{repeated}' twice", "Give every class a name of its own")
            : classes;
    }

    private static List<ShardEntry> Shards(List<IndexDocument.Shard?>? values, ShardHashing hashing, string file)
    {
        List<ShardEntry> shards = [.. Present(values, file, "shards").Select((shard, i) => Shard(shard, hashing, file, $"shards[{i}]"))];
        if (shards.Count == 0)
        {
            throw Wrong(file, "shards is empty", Repack);
        }

        return FirstRepeated(shards.SelectMany(shard => new[] { shard.Name, shard.Offsets.Name })) is { } repeated
            ? throw Wrong(file, $"shards name the file '{repeated}' twice", Repack)
            : shards;
    }

    private static ShardEntry Shard(IndexDocument.Shard? value, ShardHashing hashing, string file, string field)
    {
        IndexDocument.Shard shard = Present(value, file, field);
        IndexDocument.Sidecar offsets = Present(shard.Offsets, file, $"{field}.offsets");
        return new ShardEntry
        {
            Name = FileName(shard.Name, file, $"{field}.name"),
            Split = Text(shard.Split, file, $"{field}.split"),
            Bytes = Positive(Present(shard.Bytes, file, $"{field}.bytes"), file, $"{field}.bytes"),
            Samples = (int)Positive(Present(shard.Samples, file, $"{field}.samples"), file, $"{field}.samples"),
            Sha256 = hashing == ShardHashing.ETag && shard.Sha256 is null ? null : Sha256(shard.Sha256, file, $"{field}.sha256"),
            ETag = hashing == ShardHashing.ETag ? Text(shard.ETag, file, $"{field}.etag") : shard.ETag,
            Offsets = new OffsetsFile(
                FileName(offsets.Name, file, $"{field}.offsets.name"), Sha256(offsets.Sha256, file, $"{field}.offsets.sha256")),
        };
    }

    private static T Present<T>(T? value, string file, string field)
        where T : struct => value ?? throw Wrong(file, $"{field} is missing", Repack);

    private static T Present<T>(T? value, string file, string field)
        where T : class => value ?? throw Wrong(file, $"{field} is missing", Repack);

    private static string Text(string? value, string file, string field) =>
        string.IsNullOrWhiteSpace(value) ? throw Wrong(file, $"{field} is missing or empty", Repack) : value;

    private static long Positive(long value, string file, string field) =>
        value > 0 ? value : throw Wrong(file, $"{field} is {value}, but has to be positive", Repack);

    private static string FileName(string? value, string file, string field)
    {
        string name = Text(value, file, field);
        return BlobName.IsSafe(name)
            ? name
            : throw Wrong(file, $"{field} is '{name}', which is no name inside the data set", "Do not use this data set unless you know who made it");
    }

    private static string Sha256(string? value, string file, string field)
    {
        string text = Text(value, file, field);
        return text.Length == 64 && text.All(char.IsAsciiHexDigitLower)
            ? text
            : throw Wrong(file, $"{field} is '{text}', not 64 lower-case hex digits", Repack);
    }

    private static void SameTotal(long recorded, long counted, string file, string field)
    {
        if (recorded != counted)
        {
            throw Wrong(file, $"{field} is {recorded}, but the shards add up to {counted}", Repack);
        }
    }

    private static string? FirstRepeated(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return names.FirstOrDefault(name => !seen.Add(name));
    }

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? message.TrimEnd('.') : message[..end];
    }

    private static DatasetFormatException Wrong(string file, string problem, string fix, Exception? cause = null) =>
        new(DatasetFault.Malformed, file, problem, fix, cause);
}
