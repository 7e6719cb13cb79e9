using System.Text.Json;
using Ppma.Datasets.Indexing;

namespace Ppma.Datasets.Mds;

/// <summary>MosaicML's <c>index.json</c> of version 2, as far as it is needed: which files there are, and their hashes.</summary>
internal sealed record MdsIndex
{
    public const int Version = 2;

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public required IReadOnlyList<Shard> Shards { get; init; }

    /// <summary>Whether a file is such an index; ours has version 1.</summary>
    public static bool IsOne(ReadOnlySpan<byte> utf8) => IndexVersion.Find(utf8, out _) == Version;

    /// <exception cref="DatasetFormatException">The index names shards of another format, or a field is missing.</exception>
    public static MdsIndex Parse(ReadOnlySpan<byte> utf8, string file)
    {
        Document document;
        try
        {
            document = JsonSerializer.Deserialize<Document>(utf8, Options)!;
        }
        catch (JsonException problem)
        {
            throw Wrong(file, $"is no MDS index: {problem.Path} cannot be read", problem);
        }

        var shards = new List<Shard>();
        foreach (DocumentShard? entry in document.Shards ?? [])
        {
            string field = $"shards[{shards.Count}]";
            if (entry?.Format != "mds")
            {
                throw new DatasetFormatException(
                    DatasetFault.Malformed, file, $"{field}.format is '{entry?.Format}'; only 'mds' is read", "Write the data set again with MDSWriter");
            }

            if (entry.RawData is not { Basename: { Length: > 0 } name })
            {
                throw Wrong(file, $"{field}.raw_data.basename is missing");
            }

            shards.Add(new Shard(name, entry.ZipData?.Basename, entry.Compression, entry.RawData.Hashes ?? []));
        }

        return new MdsIndex { Shards = shards };
    }

    private static DatasetFormatException Wrong(string file, string problem, Exception? cause = null) =>
        new(DatasetFault.Malformed, file, problem, "Copy it again from its source, or write the data set again", cause);

    /// <param name="Name">File name, beside the index.</param>
    /// <param name="CompressedName">File name of the compressed shard; null where shards are not compressed.</param>
    /// <param name="Compression">How it is compressed.</param>
    /// <param name="Hashes">Hashes of the uncompressed file, by algorithm, hex.</param>
    internal sealed record Shard(string Name, string? CompressedName, string? Compression, IReadOnlyDictionary<string, string> Hashes);

    private sealed record Document(List<DocumentShard?>? Shards);

    private sealed record DocumentShard(string? Format, string? Compression, DocumentFile? RawData, DocumentFile? ZipData);

    private sealed record DocumentFile(string? Basename, Dictionary<string, string>? Hashes);
}
