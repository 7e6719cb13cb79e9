using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Ppma.Datasets.Indexing;

namespace Ppma.Datasets.Tests.Indexing;

public class IndexJsonTests
{
    private static readonly string Hash = new('a', 64);

    private static readonly DatasetIndex Index = new()
    {
        Name = "tiny",
        Humans = HumanPresence.Removed,
        Licence = "CC0-1.0",
        Classes = ["wave", "clap"],
        Provenance = new JsonObject { ["tool"] = "tests", ["seed"] = 1 },
        Shards =
        [
            Shard("train-000000.tar", "train"),
            Shard("test-000000.tar", "test"),
        ],
    };

    [Fact]
    public void Parse_WhatWasSerialized_IsTheSameAndSoAreTheBytes()
    {
        byte[] bytes = IndexJson.Serialize(Index);
        DatasetIndex parsed = IndexJson.Parse(bytes, "index.json");

        Assert.Equal(bytes, IndexJson.Serialize(parsed));
        Assert.Equal(Index.Shards, parsed.Shards);
        Assert.Equal((HumanPresence.Removed, 6L, 4000L), (parsed.Humans, parsed.Samples, parsed.Bytes));
        Assert.Equal(["train", "test"], parsed.Splits);
    }

    [Theory]
    [InlineData("version", "2", "version is 2; this program reads version 1")]
    [InlineData("version", null, "version is missing")]
    [InlineData("version", "\"1\"", "$.version")]
    [InlineData("name", "\" \"", "name is missing or empty")]
    [InlineData("humans", "\"Robots\"", "humans is 'Robots'")]
    [InlineData("humans", "\"3\"", "Use one of None, Removed, Synthetic, Real")]
    [InlineData("licence", null, "licence is missing")]
    [InlineData("classes", "[\"a\", \"a\"]", "classes names 'a' twice")]
    [InlineData("classes", "[\"a\", null]", "classes[1] is missing")]
    [InlineData("samples", "7", "samples is 7, but the shards add up to 6")]
    [InlineData("bytes", "1", "bytes is 1, but the shards add up to 4000")]
    [InlineData("provenance", null, "provenance is missing")]
    [InlineData("shards", "[]", "shards is empty")]
    [InlineData("colour", "1", "$.colour")]
    [InlineData("shards[1].bytes", "-1", "shards[1].bytes is -1")]
    [InlineData("shards[1].samples", "0", "shards[1].samples is 0")]
    [InlineData("shards[1].split", null, "shards[1].split is missing")]
    [InlineData("shards[1].name", "\"train-000000.tar\"", "shards name the file 'train-000000.tar' twice")]
    [InlineData("shards[1].name", "\"../../etc/passwd\"", "shards[1].name is '../../etc/passwd', which is no name inside the data set")]
    [InlineData("shards[1].name", "\"/etc/passwd\"", "shards[1].name is '/etc/passwd'")]
    [InlineData("shards[1].sha256", "\"ABC\"", "shards[1].sha256 is 'ABC', not 64 lower-case hex digits")]
    [InlineData("shards[1].offsets", null, "shards[1].offsets is missing")]
    [InlineData("shards[1].offsets.name", "\"a/../b\"", "shards[1].offsets.name is 'a/../b'")]
    public void Parse_WrongField_NamesFileFieldAndFix(string field, string? value, string message)
    {
        JsonNode document = JsonNode.Parse(IndexJson.Serialize(Index))!;
        string[] path = field.Split('.');
        JsonNode parent = path.SkipLast(1).Aggregate(document, (node, name) => name == "shards[1]" ? node["shards"]![1]! : node[name]!);
        parent[path[^1]] = value is null ? null : JsonNode.Parse(value);

        var refused = Assert.Throws<DatasetFormatException>(() => IndexJson.Parse(Encoding.UTF8.GetBytes(document.ToJsonString()), "set/index.json"));

        Assert.StartsWith("set/index.json: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Equal(DatasetFault.Malformed, refused.Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"version\": 1, \"version\": 1}")]
    [InlineData("not json")]
    public void Parse_NoObject_IsRefused(string text) =>
        Assert.Throws<DatasetFormatException>(() => IndexJson.Parse(Encoding.UTF8.GetBytes(text), "index.json"));

    [Fact]
    public void Parse_DamagedBytes_AnswersOrRefuses()
    {
        byte[] bytes = IndexJson.Serialize(Index);
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte).Array[1, 4].Sample(damages =>
        {
            byte[] damaged = [.. bytes];
            foreach ((int position, byte value) in damages)
            {
                damaged[position] = value;
            }

            try
            {
                IndexJson.Parse(damaged, "index.json");
            }
            catch (DatasetFormatException)
            {
            }
        });
    }

    private static ShardEntry Shard(string name, string split) => new()
    {
        Name = name,
        Split = split,
        Bytes = 2000,
        Samples = 3,
        Sha256 = Hash,
        Offsets = new OffsetsFile(name + ".idx", Hash),
    };
}
