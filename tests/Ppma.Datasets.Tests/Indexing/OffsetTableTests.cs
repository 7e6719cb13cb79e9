using System.Text;
using CsCheck;
using Ppma.Datasets.Indexing;

namespace Ppma.Datasets.Tests.Indexing;

public class OffsetTableTests
{
    private static readonly SampleRecord[] Records =
    [
        new("a", 512, 100, 0xFEDCBA9876543210, 0, 1536, 20),
        new("käse/2", 2048, 300, 7, 1, 0, 0),
        new("c", 3072, 1, 8, 1, 3584, 5),
    ];

    private static readonly ShardEntry Shard = new()
    {
        Name = "train-000000.tar",
        Split = "train",
        Bytes = 5000,
        Samples = 3,
        Sha256 = "",
        Offsets = new OffsetsFile("train-000000.tar.idx", ""),
    };

    [Fact]
    public void Parse_WhatWasSerialized_IsTheSame()
    {
        OffsetTable table = OffsetTable.Parse(OffsetTable.Serialize(Records), Shard, classes: 2, "x.idx");

        Assert.Equal(Records, Enumerable.Range(0, table.Count).Select(i => table[i]));
        Assert.Equal(("c", 3072L, 1), (Encoding.UTF8.GetString(table.KeyOf(2)), table.OffsetOf(2), table.LabelOf(2)));
    }

    [Fact]
    public void Parse_SampleOutOfPlace_NamesTheSample()
    {
        AssertRefused(Records[1] with { Offset = 4800 }, "sample 1 of shard 'train-000000.tar' ('käse/2') claims bytes 4800 to 5100, but only 612 to 5000 are free");
        AssertRefused(Records[1] with { Offset = 600 }, "claims bytes 600 to 900, but only 612 to 5000 are free");
        AssertRefused(Records[1] with { Offset = -1 }, "claims bytes -1");
        AssertRefused(Records[1] with { Offset = long.MaxValue }, "claims bytes");
        AssertRefused(Records[1] with { Length = 0 }, "claims bytes 2048 to 2048");
        AssertRefused(Records[1] with { MetadataOffset = 4999, MetadataLength = 2 }, "has metadata outside the shard's 5000 bytes");
        AssertRefused(Records[1] with { Label = 2 }, "has label 2, but the labels of 2 classes are 0 to 1");
        AssertRefused(Records[1] with { Label = -1 }, "has label -1, but the labels of 2 classes are 0 to 1");
        AssertRefused(Records[1] with { Key = "" }, "sample 1 of shard 'train-000000.tar' has no key");
    }

    [Fact]
    public void Parse_LabelsWithoutClasses_AreRefused()
    {
        var refused = Assert.Throws<DatasetFormatException>(() => OffsetTable.Parse(OffsetTable.Serialize(Records), Shard, classes: 0, "x.idx"));
        Assert.Contains("has label 0, but the data set has no classes", refused.Message, StringComparison.Ordinal);

        SampleRecord[] unlabelled = [.. Records.Select(record => record with { Label = -1 })];
        Assert.Equal(3, OffsetTable.Parse(OffsetTable.Serialize(unlabelled), Shard, classes: 0, "x.idx").Count);
    }

    [Fact]
    public void Parse_WrongHeader_IsRefused()
    {
        byte[] bytes = OffsetTable.Serialize(Records);
        AssertMessage("lists 3 samples, but the index says that shard 'train-000000.tar' has 4", bytes, Shard with { Samples = 4 });
        AssertMessage("ends before the last of its 3 samples", bytes[..100], Shard);
        AssertMessage("is no offsets file", bytes[1..], Shard);
        bytes[8] = 2;
        AssertMessage("has version 2; this program reads version 1", bytes, Shard);
    }

    [Fact]
    public void Parse_DamagedBytes_AnswersOrRefuses()
    {
        byte[] bytes = OffsetTable.Serialize(Records);
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte).Array[1, 6].Sample(damages =>
        {
            byte[] damaged = [.. bytes];
            foreach ((int position, byte value) in damages)
            {
                damaged[position] = value;
            }

            try
            {
                OffsetTable.Parse(damaged, Shard, classes: 2, "x.idx");
            }
            catch (DatasetFormatException)
            {
            }
        });
    }

    private static void AssertRefused(SampleRecord second, string message) =>
        AssertMessage(message, OffsetTable.Serialize([Records[0], second, Records[2]]), Shard);

    private static void AssertMessage(string message, byte[] bytes, ShardEntry shard)
    {
        var refused = Assert.Throws<DatasetFormatException>(() => OffsetTable.Parse(bytes, shard, classes: 2, "set/x.idx"));
        Assert.StartsWith("set/x.idx: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }
}
