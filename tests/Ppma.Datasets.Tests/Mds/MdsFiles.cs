using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ppma.Datasets.Tests.Mds;

/// <summary>Writes MDS as its description says: columns by name; a sample is the lengths of its variable columns, then all values.</summary>
internal sealed class MdsFiles(params MdsFiles.Column[] columns)
{
    private readonly Column[] _columns = [.. columns.OrderBy(column => column.Name, StringComparer.Ordinal)];

    /// <summary>A column; <paramref name="Bytes"/> is null where each sample says the length itself.</summary>
    public sealed record Column(string Name, string Encoding, int? Bytes = null);

    public byte[] Shard(IReadOnlyList<Dictionary<string, byte[]>> samples)
    {
        byte[] config = JsonSerializer.SerializeToUtf8Bytes(Description());
        byte[][] bodies = [.. samples.Select(Sample)];
        var output = new MemoryStream();
        Write(output, (uint)samples.Count);
        uint position = (uint)(sizeof(uint) * (samples.Count + 2) + config.Length);
        foreach (byte[] body in bodies)
        {
            Write(output, position);
            position += (uint)body.Length;
        }

        Write(output, position);
        output.Write(config);
        foreach (byte[] body in bodies)
        {
            output.Write(body);
        }

        return output.ToArray();
    }

    public byte[] Index(params (string Name, byte[] Shard)[] shards) => JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["version"] = 2,
        ["shards"] = new JsonArray([.. shards.Select(shard =>
        {
            JsonObject entry = Description();
            entry["samples"] = BinaryPrimitives.ReadInt32LittleEndian(shard.Shard);
            entry["raw_data"] = new JsonObject
            {
                ["basename"] = shard.Name,
                ["bytes"] = shard.Shard.Length,
                ["hashes"] = new JsonObject { ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(shard.Shard)), ["blake2b"] = "00" },
            };
            entry["zip_data"] = null;
            return entry;
        })]),
    });

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Int(long value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    private JsonObject Description() => new()
    {
        ["column_encodings"] = new JsonArray([.. _columns.Select(column => (JsonNode)column.Encoding)]),
        ["column_names"] = new JsonArray([.. _columns.Select(column => (JsonNode)column.Name)]),
        ["column_sizes"] = new JsonArray([.. _columns.Select(column => (JsonNode?)column.Bytes)]),
        ["compression"] = null,
        ["format"] = "mds",
        ["hashes"] = new JsonArray("sha256", "blake2b"),
        ["size_limit"] = 1 << 26,
        ["version"] = 2,
    };

    private byte[] Sample(Dictionary<string, byte[]> values)
    {
        var output = new MemoryStream();
        foreach (Column column in _columns.Where(column => column.Bytes is null))
        {
            Write(output, (uint)values[column.Name].Length);
        }

        foreach (Column column in _columns)
        {
            output.Write(values[column.Name]);
        }

        return output.ToArray();
    }

    private static void Write(MemoryStream output, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        output.Write(bytes);
    }
}
