using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Ppma.Datasets.Indexing;

/// <summary><c>index.json</c> as it is written, before anything is known to be there.</summary>
internal sealed record IndexDocument
{
    public int? Version { get; init; }

    public string? Name { get; init; }

    public string? Humans { get; init; }

    public string? Licence { get; init; }

    public List<string?>? Classes { get; init; }

    public long? Samples { get; init; }

    public long? Bytes { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Hash { get; init; }

    public JsonObject? Provenance { get; init; }

    public List<Shard?>? Shards { get; init; }

    internal sealed record Shard
    {
        public string? Name { get; init; }

        public string? Split { get; init; }

        public long? Bytes { get; init; }

        public int? Samples { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Sha256 { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        [JsonPropertyName("etag")]
        public string? ETag { get; init; }

        public Sidecar? Offsets { get; init; }
    }

    internal sealed record Sidecar
    {
        public string? Name { get; init; }

        public string? Sha256 { get; init; }
    }
}
