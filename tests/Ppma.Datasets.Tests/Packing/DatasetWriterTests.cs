using System.Formats.Tar;
using System.Text.Json.Nodes;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Packing;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Tests.Packing;

public class DatasetWriterTests
{
    [Fact]
    public async Task Complete_SeveralShardsAndSplits_AreReadBackWhole()
    {
        using var folder = new TempFolder();
        DatasetIndex written = Samples.Pack(folder.Path);
        var train = await Dataset.OpenAsync(BlobStore.Open(folder.Path), "train", cancellationToken: TestContext.Current.CancellationToken);
        var test = await Dataset.OpenAsync(BlobStore.Open(folder.Path), "test", new DatasetOptions { ExpectedDigest = train.Digest }, TestContext.Current.CancellationToken);

        Assert.True(written.Shards.Count(shard => shard.Split == "train") > 1);
        Assert.All(written.Shards, shard => Assert.InRange(shard.Bytes, 1, 8192));
        Assert.Equal((Samples.Train, Samples.Test), (train.Count, test.Count));
        for (int i = 0; i < train.Count; i++)
        {
            SampleRef sample = await train.GetAsync(i, TestContext.Current.CancellationToken);
            using var video = await train.ReadVideoAsync(sample, TestContext.Current.CancellationToken);
            Assert.Equal(Samples.Video(i), video.Memory.ToArray());
            Assert.Equal(($"train-{i}", i % 2, i), (sample.Record.Key, sample.Record.Label, sample.Ordinal));
            JsonNode metadata = JsonNode.Parse(await train.ReadMetadataAsync(sample, TestContext.Current.CancellationToken))!;
            Assert.Equal($$"""{"label":{{i % 2}},"class":"{{Samples.Description.Classes[i % 2]}}","source":"a/b#{{i}}.mp4"}""", metadata.ToJsonString());
        }
    }

    [Fact]
    public void Complete_SameSamples_SameBytes()
    {
        using var first = new TempFolder();
        using var second = new TempFolder();
        Samples.Pack(first.Path);
        Samples.Pack(second.Path);

        Assert.Equal(Files(first.Path), Files(second.Path));
        foreach (string name in Files(first.Path))
        {
            Assert.Equal(File.ReadAllBytes(first[name]), File.ReadAllBytes(second[name]));
        }
    }

    [Fact]
    public void Complete_Shards_AreTarsForOtherTools()
    {
        using var folder = new TempFolder();
        DatasetIndex index = Samples.Pack(folder.Path);
        var names = new List<string>();
        foreach (ShardEntry shard in index.Shards.Where(shard => shard.Split == "test"))
        {
            using var tar = new TarReader(File.OpenRead(folder[shard.Name]));
            while (tar.GetNextEntry() is { } entry)
            {
                names.Add(entry.Name);
                Assert.Equal(DateTimeOffset.UnixEpoch, entry.ModificationTime);
            }
        }

        Assert.Equal(["test-0.webm", "test-0.json", "test-1.webm", "test-1.json", "test-2.webm", "test-2.json"], names);
    }

    [Fact]
    public void Dispose_WithoutComplete_LeavesNothing()
    {
        using var folder = new TempFolder();
        using (var writer = DatasetWriter.Create(folder["set"], Samples.Description))
        {
            writer.Add("train", "a", [1, 2, 3], 0);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["set"]));
    }

    /// <summary>What a killed process leaves, at any moment: shards moved or not, no index.</summary>
    [Fact]
    public void Create_AfterInterruptedWrite_BeginsAnew()
    {
        using var clean = new TempFolder();
        using var folder = new TempFolder();
        Samples.Pack(clean.Path);
        Directory.CreateDirectory(folder[".partial"]);
        File.WriteAllText(folder[".partial/train-000000.tar"], "half");
        File.WriteAllText(folder[".partial/index.json"], "half");
        File.WriteAllText(folder["train-000000.tar"], "half");
        File.WriteAllText(folder["train-000007.tar.idx"], "half");

        Samples.Pack(folder.Path);

        Assert.Equal(Files(clean.Path), Files(folder.Path));
        Assert.Equal(File.ReadAllBytes(clean["index.json"]), File.ReadAllBytes(folder["index.json"]));
    }

    /// <summary>The last step moves file after file; a process may die between any two.</summary>
    [Fact]
    public async Task Open_WriteInterruptedWhileMoving_IsNoDatasetAndIsRepaired()
    {
        using var clean = new TempFolder();
        Samples.Pack(clean.Path);
        string[] files = [.. Files(clean.Path).Where(name => name != "index.json")];
        for (int moved = 0; moved <= files.Length; moved++)
        {
            using var folder = new TempFolder();
            Directory.CreateDirectory(folder[".partial"]);
            File.Copy(clean["index.json"], folder[".partial/index.json"]);
            for (int i = 0; i < files.Length; i++)
            {
                File.Copy(clean[files[i]], i < moved ? folder[files[i]] : folder[$".partial/{files[i]}"]);
            }

            await Assert.ThrowsAsync<StoreException>(() =>
                Dataset.OpenAsync(BlobStore.Open(folder.Path), "train", cancellationToken: TestContext.Current.CancellationToken));
            Assert.Null(await DatasetWriter.FindCompleteAsync(folder.Path, Samples.Description, TestContext.Current.CancellationToken));
            Samples.Pack(folder.Path);
            Assert.Equal(Files(clean.Path), Files(folder.Path));
        }
    }

    [Fact]
    public void Create_FolderWithOtherFiles_IsRefused()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["thesis.tex"], "mine");

        var refused = Assert.Throws<DatasetWriteException>(() => DatasetWriter.Create(folder.Path, Samples.Description));

        Assert.Equal($"{folder.Path}: the folder is not empty and holds no data set. Choose an empty folder.", refused.Message);
        Assert.Equal(["thesis.tex"], Files(folder.Path));
    }

    [Fact]
    public async Task Create_FolderWithDataset_IsRefusedUnlessOverwriting()
    {
        using var folder = new TempFolder();
        Samples.Pack(folder.Path);
        DatasetDescription other = Samples.Description with { Name = "other" };

        var refused = Assert.Throws<DatasetWriteException>(() => DatasetWriter.Create(folder.Path, other));
        Assert.Contains("a complete data set is here already", refused.Message, StringComparison.Ordinal);

        using (var writer = DatasetWriter.Create(folder.Path, other, new PackingOptions { Overwrite = true }))
        {
            writer.Add("train", "only", [1, 2, 3], 0);
            Assert.NotNull(await DatasetWriter.FindCompleteAsync(folder.Path, Samples.Description, TestContext.Current.CancellationToken));
            writer.Complete();
        }

        Assert.Equal(["index.json", "train-000000.tar", "train-000000.tar.idx"], Files(folder.Path));
        Assert.NotNull(await DatasetWriter.FindCompleteAsync(folder.Path, other, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task FindComplete_OtherProvenanceOrNothing_IsNull()
    {
        using var folder = new TempFolder();
        Samples.Pack(folder["set"]);
        DatasetDescription other = Samples.Description with { Provenance = new JsonObject { ["seed"] = 2 } };

        Assert.Null(await DatasetWriter.FindCompleteAsync(folder["nothing"], other, TestContext.Current.CancellationToken));
        Assert.Null(await DatasetWriter.FindCompleteAsync(folder["set"], other, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Create_WhileAnotherWrites_IsRefused()
    {
        using var folder = new TempFolder();
        using var writer = DatasetWriter.Create(folder.Path, Samples.Description);
        writer.Add("train", "a", [1], 0);

        var refused = Assert.Throws<DatasetWriteException>(() => DatasetWriter.Create(folder.Path, Samples.Description));

        Assert.Contains("another process is writing here", refused.Message, StringComparison.Ordinal);
        writer.Complete();
    }

    [Fact]
    public void Create_UnderAFile_NamesPathAndFix()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["file"], "");

        var refused = Assert.Throws<DatasetWriteException>(() => DatasetWriter.Create(folder["file/set"], Samples.Description));

        Assert.StartsWith(folder["file/set"], refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(28, "the disk is full")]
    [InlineData(122, "the disk is full")]
    [InlineData(30, "the file system is read-only")]
    [InlineData(5, "writing failed")]
    public void DatasetWriteException_FromSystemError_NamesTheCause(int errno, string cause)
    {
        var explained = DatasetWriteException.From("/data/set", new IOException("from the system", errno));

        Assert.StartsWith($"/data/set: {cause}", explained.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Train", "a", 0, "mp4", "split")]
    [InlineData("train", "a.b", 0, "mp4", "key")]
    [InlineData("train", "../a", 0, "mp4", "key")]
    [InlineData("train", "taken", 0, "mp4", "key")]
    [InlineData("train", "a", 2, "mp4", "label")]
    [InlineData("train", "a", -1, "mp4", "label")]
    [InlineData("train", "a", 0, "json", "extension")]
    public void Add_BadArgument_IsRefused(string split, string key, int label, string extension, string argument)
    {
        using var folder = new TempFolder();
        using var writer = DatasetWriter.Create(folder.Path, Samples.Description);
        writer.Add("train", "taken", [1], 0);

        Assert.Equal(argument, Assert.Throws<ArgumentException>(() => writer.Add(split, key, [1], label, extension: extension)).ParamName);
    }

    private static string[] Files(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
}
