using System.Formats.Tar;
using System.Text;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Scanning;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Tests.Scanning;

public class DatasetIndexerTests
{
    private static readonly IndexingOptions Options = new() { Humans = HumanPresence.Real, Licence = "CC-BY-4.0" };

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Index_RemoteTars_PinsETagsAndReadsBack()
    {
        CountingStore store = TwoSplits();
        byte[] shard = store["train-000000.tar"];

        (DatasetIndex index, string digest, string fileName) = await IndexAsync(store);

        Assert.Equal("index.json", fileName);
        Assert.Equal(("clips", HumanPresence.Real, "CC-BY-4.0", ShardHashing.ETag), (index.Name, index.Humans, index.Licence, index.Hashing));
        Assert.Equal(["clap", "wave"], index.Classes);
        Assert.All(index.Shards, entry => Assert.NotNull(entry.ETag));
        Assert.Same(shard, store["train-000000.tar"]);
        await DatasetVerifier.VerifyAsync(store, digest, readShards: true, cancellationToken: _cancellation);
        Dataset train = await Dataset.OpenAsync(store, "train", cancellationToken: _cancellation);
        SampleRef sample = await train.GetAsync(1, _cancellation);
        Assert.Equal(("b", 1), (sample.Record.Key, sample.Record.Label));
        using var video = await train.ReadVideoAsync(sample, _cancellation);
        Assert.Equal(Samples.Video(2), video.Memory.ToArray());
        Assert.Equal("{\"class\":\"wave\"}", Encoding.UTF8.GetString(await train.ReadMetadataAsync(sample, _cancellation)));
    }

    [Fact]
    public async Task Index_WithHashes_IsTheSameRemoteAndLocal()
    {
        using var folder = new TempFolder();
        CountingStore store = TwoSplits();
        foreach (string name in store)
        {
            File.WriteAllBytes(folder[name], store[name]);
        }

        IndexedDataset remote = await IndexAsync(store, Options with { Hash = true });
        IndexedDataset local = await IndexAsync(BlobStore.Open(folder.Path), Options with { Name = "clips" });

        Assert.Equal(ShardHashing.Sha256, local.Index.Hashing);
        Assert.Equal(remote.Digest, local.Digest);
        Assert.All(remote.Index.Shards, shard => Assert.Null(shard.ETag));
        await DatasetVerifier.VerifyAsync(BlobStore.Open(folder.Path), local.Digest, readShards: true, cancellationToken: _cancellation);
    }

    [Fact]
    public async Task Index_Again_NeedsOverwriteAndGivesTheSameDigest()
    {
        CountingStore store = TwoSplits();
        IndexedDataset first = await IndexAsync(store);

        var refused = await Assert.ThrowsAsync<StoreException>(() => IndexAsync(store));
        IndexedDataset second = await IndexAsync(store, Options with { Overwrite = true, ParallelShards = 1 });

        Assert.Equal(StoreFailure.AlreadyExists, refused.Failure);
        Assert.Equal(first.Digest, second.Digest);
        Assert.Equal("index.json", store.Written.Last());
    }

    [Fact]
    public async Task Index_InterruptedBetweenItsFiles_LeavesNoIndexAndGoesOnTheNextTime()
    {
        CountingStore store = TwoSplits();
        store.FailsToWrite = "train-000001.tar.idx";

        await Assert.ThrowsAsync<StoreException>(() => IndexAsync(store));

        Assert.DoesNotContain("index.json", store);
        store.FailsToWrite = null;
        await DatasetVerifier.VerifyAsync(store, (await IndexAsync(store)).Digest, cancellationToken: _cancellation);
    }

    [Fact]
    public async Task Index_HeadersOnly_ReadsLittleOfLargeVideos()
    {
        var store = new CountingStore
        {
            ["train-0.tar"] = TarBytes.Of([.. Enumerable.Range(0, 20).SelectMany(i => new[] { ($"{i:D3}.cls", TarBytes.Text("1")), ($"{i:D3}.mp4", new byte[1 << 20]) })]),
        };

        await IndexAsync(store);

        Assert.InRange(store.Requests, 1, 22);
        Assert.InRange(store.BytesRead, 1, 22 * FileWindow.SmallestBytes);
    }

    [Fact]
    public async Task Index_ShardChangedMeanwhile_IsNotTrusted()
    {
        CountingStore store = TwoSplits();
        IndexedDataset indexed = await IndexAsync(store);
        store["train-000000.tar"][600] ^= 1;

        var refused = await Assert.ThrowsAsync<DatasetFormatException>(
            () => DatasetVerifier.VerifyAsync(store, indexed.Digest, cancellationToken: _cancellation));

        Assert.Equal(DatasetFault.HashMismatch, refused.Fault);
        Assert.Contains("but the index pins 0x", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public async Task Index_LongNames_AreKeys(TarEntryFormat format)
    {
        string key = new string('n', 150) + "/ü";
        var store = new CountingStore { ["train-0.tar"] = TarBytes.Of(format, ($"{key}.mp4", [1, 2, 3])) };

        await IndexAsync(store);

        Dataset dataset = await Dataset.OpenAsync(store, "train", cancellationToken: _cancellation);
        Assert.Equal(0, await dataset.FindAsync(key, _cancellation));
        Assert.Empty(dataset.Index.Classes);
    }

    [Theory]
    [InlineData("a.mp4 b.cls=1 b.mp4", "sample 'a' has no label, but the data set has classes")]
    [InlineData("a.mp4 a.webm", "sample 'a' has 2 videos (mp4, webm)")]
    [InlineData("a.json={} b.mp4", "sample 'a' has no video among its members (json)")]
    [InlineData("a.mp4 b.mp4 a.json={}", "sample 'a' has no video among its members (json)")]
    [InlineData("a.mp4 a.mp4", "sample 'a' has the member 'mp4' twice, at bytes 512 and 1536")]
    [InlineData("a.mp4 b.mp4 a.webm", "the key 'a' occurs twice in the data set: sample 2 here, sample 0 of ")]
    [InlineData("a.cls=x a.mp4", "sample 'a' has the cls member 'x', which is no whole number from 0")]
    [InlineData("a.json={ a.mp4", "sample 'a' has a json member that is no JSON")]
    [InlineData("a.json={\"label\":-1} a.mp4", "sample 'a' has the label -1")]
    [InlineData("a.mp4=", "sample 'a' has a video of 0 bytes")]
    [InlineData("README", "there are no samples in this shard")]
    public async Task Index_ShardThatCannotBe_NamesTheSample(string members, string problem)
    {
        var store = new CountingStore { ["train-0.tar"] = Tar(members) };

        var refused = await Assert.ThrowsAsync<DatasetFormatException>(() => IndexAsync(store));

        Assert.StartsWith(store.Locate("train-0.tar"), refused.Message, StringComparison.Ordinal);
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.Empty(store.Written);
    }

    [Theory]
    [InlineData("a.json={\"class\":\"wave\"} a.mp4 b.json={\"label\":\"clap\"} b.mp4", "clap wave", "1 0")]
    [InlineData("a.json={\"label\":2,\"class\":\"wave\"} a.mp4 b.cls=0 b.mp4", "class-000 class-001 wave", "2 0")]
    [InlineData("a.cls=1 a.json={\"label\":0} a.mp4 b.json={\"cls\":0} b.mp4", "class-000 class-001", "1 0")]
    [InlineData("a.json=[] a.mp4 b.json={\"label\":[1]} b.mp4", "", "-1 -1")]
    public async Task Index_Labels_AreTakenFromTheSamples(string members, string classes, string labels)
    {
        var store = new CountingStore { ["train-0.tar"] = Tar(members) };

        IndexedDataset indexed = await IndexAsync(store);

        Dataset dataset = await Dataset.OpenAsync(store, "train", cancellationToken: _cancellation);
        Assert.Equal(classes, string.Join(' ', indexed.Index.Classes));
        Assert.Equal(labels, $"{(await dataset.GetAsync(0, _cancellation)).Record.Label} {(await dataset.GetAsync(1, _cancellation)).Record.Label}");
    }

    [Theory]
    [InlineData("a.cls=2 a.mp4", "sample 'a' has label 2, but the labels of 2 classes are 0 to 1")]
    [InlineData("a.json={\"class\":\"jump\"} a.mp4", "sample 'a' is of the class 'jump', which is not among the 2 classes")]
    [InlineData("a.json={\"label\":0,\"class\":\"clap\"} a.mp4", "sample 'a' has label 0 ('wave') and the class 'clap', which is 1")]
    [InlineData("a.mp4", "sample 'a' has no label, but the data set has classes")]
    public async Task Index_LabelsOutsideTheGivenClasses_AreErrorsBySample(string members, string problem)
    {
        var store = new CountingStore { ["train-0.tar"] = Tar(members) };

        var refused = await Assert.ThrowsAsync<DatasetFormatException>(() => IndexAsync(store, Options with { Classes = ["wave", "clap"] }));

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.mp4", "notes.txt", "there are no .tar shards and no MDS index.json here")]
    [InlineData("a.mp4", "train-0.tar.gz", "a compressed tar has no places that could be read one by one")]
    [InlineData("a.mp4", "000000.tar", "the name does not say which split this is")]
    public async Task Index_FilesThatCannotBeShards_AreExplained(string members, string name, string problem)
    {
        var store = new CountingStore { [name] = Tar(members) };

        var refused = await Assert.ThrowsAsync<DatasetFormatException>(() => IndexAsync(store));

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Tools that index the same tars go on as before.</summary>
    [Fact]
    public async Task Index_OtherToolsFiles_StayAsTheyAre()
    {
        CountingStore store = TwoSplits();
        byte[] energon = new byte[24], wids = TarBytes.Text("{\"__kind__\":\"wids-shard-index-v1\",\"wids_version\":1,\"shardlist\":[]}");
        store["train-000000.tar.idx"] = energon;
        store["index.json"] = wids;

        IndexedDataset first = await IndexAsync(store);
        IndexedDataset second = await IndexAsync(store, Options with { Overwrite = true });

        Assert.Equal(("ppma-index.json", first.Digest), (first.FileName, second.Digest));
        Assert.Same(energon, store["train-000000.tar.idx"]);
        Assert.Same(wids, store["index.json"]);
        Assert.Equal(
            ["test-000000.tar.idx", "train-000000.tar.ppma.idx", "train-000001.tar.idx"], first.Index.Shards.Select(shard => shard.Offsets.Name));
        await DatasetVerifier.VerifyAsync(store, first.Digest, readShards: true, cancellationToken: _cancellation);
    }

    [Fact]
    public async Task Index_TarsAndMdsShards_AreNotMixed()
    {
        CountingStore store = TwoSplits();
        store["mds/shard.00000.mds"] = [0];

        var refused = await Assert.ThrowsAsync<DatasetFormatException>(() => IndexAsync(store));

        Assert.Contains("there are tars ('test-000000.tar') and MDS shards ('mds/shard.00000.mds') here", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Index_VideoColumn_PicksOneOfSeveral()
    {
        var store = new CountingStore { ["0.tar"] = Tar("a.left.mp4=1 a.right.mp4=22") };

        await IndexAsync(store, Options with { VideoColumn = "right.mp4", Split = "train" });

        Dataset dataset = await Dataset.OpenAsync(store, "train", cancellationToken: _cancellation);
        Assert.Equal(2, (await dataset.GetAsync(0, _cancellation)).Record.Length);
    }

    private static CountingStore TwoSplits() => new()
    {
        ["train-000000.tar"] = TarBytes.Of(
            ("a.json", TarBytes.Text("{\"class\":\"clap\"}")), ("a.mp4", Samples.Video(1)),
            ("b.mp4", Samples.Video(2)), ("b.json", TarBytes.Text("{\"class\":\"wave\"}"))),
        ["train-000001.tar"] = TarBytes.Of(("c.json", TarBytes.Text("{\"class\":\"clap\"}")), ("c.webm", Samples.Video(3))),
        ["test-000000.tar"] = TarBytes.Of(TarEntryFormat.Pax, ("d.json", TarBytes.Text("{\"class\":\"clap\"}")), ("d.mp4", Samples.Video(4))),
    };

    /// <summary>Members by name, each with its content after '='; else one byte.</summary>
    private static byte[] Tar(string members) => TarBytes.Of([.. members.Split(' ').Select(member => member.Split('=', 2))
        .Select(parts => (parts[0], TarBytes.Text(parts.Length > 1 ? parts[1] : "v")))]);

    private Task<IndexedDataset> IndexAsync(IBlobStore store, IndexingOptions? options = null) =>
        DatasetIndexer.IndexAsync(store, options ?? Options, cancellationToken: _cancellation);
}
