using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Mds;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Scanning;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Tests.Mds;

public class MdsTests
{
    private static readonly IndexingOptions Options = new() { Humans = HumanPresence.None };

    private static readonly MdsFiles Labelled = new(
        new("zoom", "float64", 8), new("video", "bytes"), new("caption", "str"), new("label", "int", 8), new("class", "str"));

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Index_TwoSplits_ReadsBackBesideTheirOwnIndex(bool hash)
    {
        CountingStore store = TwoSplits();
        byte[] mosaicIndex = store["train/index.json"];

        IndexedDataset indexed = await IndexAsync(store, Options with { Hash = hash });

        Assert.Equal("ppma-index.json", indexed.FileName);
        Assert.Same(mosaicIndex, store["train/index.json"]);
        Assert.Equal(["klatschen", "winken"], indexed.Index.Classes);
        await DatasetVerifier.VerifyAsync(store, indexed.Digest, readShards: true, cancellationToken: _cancellation);
        Dataset train = await Dataset.OpenAsync(store, "train", cancellationToken: _cancellation);
        Assert.Equal(5, train.Count);
        for (int i = 0; i < train.Count; i++)
        {
            SampleRef sample = await train.GetAsync(i, _cancellation);
            using var video = await train.ReadVideoAsync(sample, _cancellation);
            Assert.Equal(($"train-{i:D9}", i % 2), (sample.Record.Key, sample.Record.Label));
            Assert.Equal(Samples.Video(i), video.Memory.ToArray());
        }
    }

    /// <summary>Its index.json in the root keeps its name; readers look for ours beside it.</summary>
    [Fact]
    public async Task Index_SplitInTheRoot_IsFoundBehindItsIndex()
    {
        byte[] shard = Labelled.Shard([Sample(0), Sample(1)]);
        var store = new CountingStore { ["shard.00000.mds"] = shard, ["index.json"] = Labelled.Index(("shard.00000.mds", shard)) };

        var unsplit = await Assert.ThrowsAsync<DatasetFormatException>(() => IndexAsync(store));
        var unindexed = await Assert.ThrowsAsync<DatasetFormatException>(() => Dataset.OpenAsync(store, "train", cancellationToken: _cancellation));
        await IndexAsync(store, Options with { Split = "train" });

        Assert.Contains("the name does not say which split this is", unsplit.Message, StringComparison.Ordinal);
        Assert.Contains("`ppma dataset index URI` writes ppma-index.json beside it", unindexed.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await Dataset.OpenAsync(store, "train", cancellationToken: _cancellation)).Count);
    }

    /// <summary>Its tool for merging leaves the folders' indexes and writes one more over all of them.</summary>
    [Fact]
    public async Task Index_MergedIndex_NamesEveryShardOnce()
    {
        CountingStore store = TwoSplits();
        store["index.json"] = Labelled.Index([.. store.Where(name => name.EndsWith(".mds", StringComparison.Ordinal)).Select(name => (name, store[name]))]);

        IndexedDataset indexed = await IndexAsync(store);

        Assert.Equal(
            [("test/shard.00000.mds", "test"), ("train/shard.00000.mds", "train"), ("train/shard.00001.mds", "train")],
            indexed.Index.Shards.Select(shard => (shard.Name, shard.Split)));
    }

    [Theory]
    [InlineData("key", "str")]
    [InlineData("__key__", "str")]
    [InlineData("id", "str_int")]
    public async Task Index_KeyColumn_NamesTheSamples(string column, string encoding)
    {
        var files = new MdsFiles(new("bytes", "bytes"), new(column, encoding), new("other", "bytes"));
        CountingStore store = OneSplit(files, [new() { ["bytes"] = [1, 2], ["other"] = [3], [column] = MdsFiles.Text("17") }]);

        await IndexAsync(store);

        Dataset dataset = await Dataset.OpenAsync(store, "train", cancellationToken: _cancellation);
        Assert.Equal(("17", 2), ((await dataset.GetAsync(0, _cancellation)).Record.Key, (await dataset.GetAsync(0, _cancellation)).Record.Length));
    }

    [Theory]
    [InlineData("int", 8, 3, 3)]
    [InlineData("int8", 1, 3, 3)]
    [InlineData("int16", 2, 259, 259)]
    [InlineData("uint8", 1, 200, 200)]
    [InlineData("uint16", 2, 259, 259)]
    [InlineData("int32", 4, 259, 259)]
    [InlineData("uint64", 8, 259, 259)]
    public async Task Index_LabelOfAnyInteger_IsRead(string encoding, int bytes, int value, int label)
    {
        var files = new MdsFiles(new("mp4", "bytes"), new("label", encoding, bytes));
        CountingStore store = OneSplit(files, [new() { ["mp4"] = [1], ["label"] = MdsFiles.Int(value)[..bytes] }]);

        await IndexAsync(store);

        Dataset dataset = await Dataset.OpenAsync(store, "train", cancellationToken: _cancellation);
        Assert.Equal(label, (await dataset.GetAsync(0, _cancellation)).Record.Label);
    }

    /// <summary>Columns before and behind the video, fixed and variable, empty and not: every value lies where it was written.</summary>
    [Fact]
    public Task Locate_RandomColumns_FindsEveryValue() =>
        Gen.Select(Gen.Int[0, 3].Array[1, 6], Gen.Int[0, 5], Gen.Int[0, 1_000_000]).SampleAsync(async (kinds, count, seed) =>
        {
            var random = new Random(seed);
            MdsFiles.Column[] columns = [.. kinds.Select((kind, i) => new MdsFiles.Column(
                $"{(char)('z' - i)}{i}", kind == 0 ? "int" : "bytes", kind switch { 0 => 8, 1 => 5, _ => null }))];
            Dictionary<string, byte[]>[] samples = [.. Enumerable.Range(0, count).Select(_ => columns.ToDictionary(column => column.Name, column =>
            {
                byte[] value = new byte[column.Bytes ?? random.Next(0, 3000)];
                random.NextBytes(value);
                return value;
            }))];
            byte[] bytes = new MdsFiles(columns).Shard(samples);
            var store = new CountingStore { ["a.mds"] = bytes };

            MdsShard shard = await MdsShard.OpenAsync(store.Window("a.mds"), default);

            Assert.Equal(count, shard.Count);
            for (int i = 0; i < count; i++)
            {
                (long Offset, int Length)[] values = await shard.LocateAsync(i, default);
                for (int column = 0; column < values.Length; column++)
                {
                    Assert.Equal(
                        samples[i][shard.Columns[column].Name], bytes.AsSpan((int)values[column].Offset, values[column].Length).ToArray());
                }
            }
        }, iter: 300);

    /// <summary>Any damage is an answer or a typed error, never a hang or a crash.</summary>
    [Fact]
    public Task Index_DamagedShard_AnswersOrRefuses()
    {
        byte[] whole = Labelled.Shard([Sample(0), Sample(1)]);
        return Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[1, 4].SampleAsync(async damages =>
        {
            byte[] shard = [.. whole];
            foreach ((int position, byte value) in damages)
            {
                shard[position] = value;
            }

            CountingStore store = new() { ["train/a.mds"] = shard, ["train/index.json"] = Labelled.Index(("a.mds", shard)) };
            try
            {
                await DatasetIndexer.IndexAsync(store, Options, cancellationToken: default);
            }
            catch (DatasetFormatException)
            {
            }
        }, iter: 500);
    }

    [Fact]
    public async Task Index_ShardThatIsNotTheRecordedOne_IsAHashMismatch()
    {
        CountingStore store = TwoSplits();
        store["train/shard.00000.mds"][^1] ^= 1;

        var refused = await Assert.ThrowsAsync<DatasetFormatException>(() => IndexAsync(store, Options with { Hash = true }));

        Assert.Equal(DatasetFault.HashMismatch, refused.Fault);
        Assert.Contains("train/shard.00000.mds: the file's sha256 is ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Index_CompressedShards_SaysHowToWriteThemAgain()
    {
        CountingStore store = TwoSplits();
        JsonNode index = JsonNode.Parse(store["train/index.json"])!;
        index["shards"]![0]!["compression"] = "zstd";
        index["shards"]![0]!["zip_data"] = new JsonObject { ["basename"] = "shard.00000.mds.zstd" };
        index["shards"]![0]!["raw_data"]!["basename"] = "shard.00007.mds";
        store["train/index.json"] = Encoding.UTF8.GetBytes(index.ToJsonString());

        var refused = await Assert.ThrowsAsync<DatasetFormatException>(() => IndexAsync(store));

        Assert.Contains("the shard 'shard.00000.mds.zstd' is compressed (zstd)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("MDSWriter(compression=None)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Index_TwoBytesColumns_AsksForTheName()
    {
        var files = new MdsFiles(new("left", "bytes"), new("right", "bytes"));
        CountingStore store = OneSplit(files, [new() { ["left"] = [1], ["right"] = [1, 2] }]);

        var refused = await Assert.ThrowsAsync<DatasetFormatException>(() => IndexAsync(store));
        await IndexAsync(store, Options with { VideoColumn = "right" });

        Assert.Contains("which column holds the video is not clear; there are left (bytes), right (bytes)", refused.Message, StringComparison.Ordinal);
        Dataset dataset = await Dataset.OpenAsync(store, "train", cancellationToken: _cancellation);
        Assert.Equal(2, (await dataset.GetAsync(0, _cancellation)).Record.Length);
    }

    [Theory]
    [InlineData(4, "does not fit in")]
    [InlineData(-1, "the file at")]
    public async Task Open_TruncatedShard_IsRefused(int length, string problem)
    {
        byte[] shard = Labelled.Shard([Sample(0), Sample(1), Sample(2)]);
        var store = new CountingStore { ["a.mds"] = shard[..(length < 0 ? shard.Length + length : 2 * length)] };

        var refused = await Assert.ThrowsAsync<DatasetFormatException>(() => MdsShard.OpenAsync(store.Window("a.mds"), _cancellation));

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, byte[]> Sample(int number)
    {
        byte[] zoom = new byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(zoom, number);
        return new()
        {
            ["zoom"] = zoom,
            ["video"] = Samples.Video(number),
            ["caption"] = MdsFiles.Text(number % 2 == 0 ? "" : "grüßt 你好"),
            ["label"] = MdsFiles.Int(number % 2),
            ["class"] = MdsFiles.Text(number % 2 == 0 ? "klatschen" : "winken"),
        };
    }

    private static CountingStore TwoSplits()
    {
        byte[] first = Labelled.Shard([Sample(0), Sample(1), Sample(2)]), second = Labelled.Shard([Sample(3), Sample(4)]), test = Labelled.Shard([Sample(5)]);
        return new()
        {
            ["train/shard.00000.mds"] = first,
            ["train/shard.00001.mds"] = second,
            ["train/index.json"] = Labelled.Index(("shard.00000.mds", first), ("shard.00001.mds", second)),
            ["test/shard.00000.mds"] = test,
            ["test/index.json"] = Labelled.Index(("shard.00000.mds", test)),
        };
    }

    private static CountingStore OneSplit(MdsFiles files, Dictionary<string, byte[]>[] samples)
    {
        byte[] shard = files.Shard(samples);
        return new() { ["train/a.mds"] = shard, ["train/index.json"] = files.Index(("a.mds", shard)) };
    }

    private Task<IndexedDataset> IndexAsync(IBlobStore store, IndexingOptions? options = null) =>
        DatasetIndexer.IndexAsync(store, options ?? Options, cancellationToken: _cancellation);
}
