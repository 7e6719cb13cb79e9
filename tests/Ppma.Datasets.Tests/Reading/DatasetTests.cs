using System.Security.Cryptography;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Ordering;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Tests.Reading;

public class DatasetTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_Digest_IsTheHashOfTheIndex()
    {
        using var folder = new TempFolder();
        Samples.Pack(folder.Path);
        string digest = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(folder["index.json"])));

        Assert.Equal(digest, (await OpenAsync(folder)).Digest);
        Assert.Equal(digest, (await Dataset.OpenAsync(BlobStore.Open(folder.Path), "train", new DatasetOptions { ExpectedDigest = digest.ToUpperInvariant() }, Cancellation)).Digest);

        var refused = await Assert.ThrowsAsync<DatasetFormatException>(() =>
            Dataset.OpenAsync(BlobStore.Open(folder.Path), "train", new DatasetOptions { ExpectedDigest = new string('0', 64) }, Cancellation));
        Assert.Equal(DatasetFault.DigestMismatch, refused.Fault);
        Assert.Contains(digest, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_UnknownSplit_NamesTheOthers()
    {
        using var folder = new TempFolder();
        Samples.Pack(folder.Path);

        var refused = await Assert.ThrowsAsync<DatasetFormatException>(() => Dataset.OpenAsync(BlobStore.Open(folder.Path), "val", cancellationToken: Cancellation));

        Assert.Equal($"{folder["index.json"]}: there is no split 'val'. Use one of test, train.", refused.Message);
    }

    [Fact]
    public async Task Open_NoDataset_NamesTheFile()
    {
        using var folder = new TempFolder();
        var failed = await Assert.ThrowsAsync<StoreException>(() => OpenAsync(folder));
        Assert.StartsWith(folder["index.json"], failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ShardOfAnotherSize_IsRefused()
    {
        using var folder = new TempFolder();
        ShardEntry shard = Samples.Pack(folder.Path).Shards.First(entry => entry.Split == "train");
        File.AppendAllText(folder[shard.Name], "more");

        Dataset dataset = await OpenAsync(folder);

        var refused = await Assert.ThrowsAsync<DatasetFormatException>(async () => await dataset.GetAsync(0, Cancellation));

        Assert.Contains($"the shard has {shard.Bytes + 4} bytes, but the index says {shard.Bytes}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ChangedOffsets_AreAHashMismatch()
    {
        using var folder = new TempFolder();
        Samples.Pack(folder.Path);
        Flip(folder["train-000000.tar.idx"], 20);

        Dataset dataset = await OpenAsync(folder);
        var refused = await Assert.ThrowsAsync<DatasetFormatException>(async () => await dataset.GetAsync(0, Cancellation));
        Assert.Equal(DatasetFault.HashMismatch, refused.Fault);
    }

    [Fact]
    public async Task ReadVideo_ChangedByte_IsAHashMismatch()
    {
        using var folder = new TempFolder();
        Samples.Pack(folder.Path);
        Dataset dataset = await OpenAsync(folder);
        SampleRef sample = await dataset.GetAsync(0, Cancellation);
        Flip(folder[sample.Shard.Name], sample.Record.Offset + 5);

        var refused = await Assert.ThrowsAsync<DatasetFormatException>(async () => await dataset.ReadVideoAsync(sample, Cancellation));

        Assert.Equal(DatasetFault.HashMismatch, refused.Fault);
        Assert.Contains("sample 'train-0'", refused.Message, StringComparison.Ordinal);
        using var other = await dataset.ReadVideoAsync(await dataset.GetAsync(1, Cancellation), Cancellation);
        Assert.Equal(Samples.Video(1), other.Memory.ToArray());
    }

    [Fact]
    public async Task ReadVideo_ManyAtOnce_AreAllRight()
    {
        using var folder = new TempFolder();
        Samples.Pack(folder.Path);
        Dataset dataset = await OpenAsync(folder);
        await Parallel.ForAsync(0, 400, Cancellation, async (i, cancellation) =>
        {
            using var video = await dataset.ReadVideoAsync(await dataset.GetAsync(i % Samples.Train, cancellation), cancellation);
            Assert.Equal(Samples.Video(i % Samples.Train), video.Memory.ToArray());
        });
    }

    [Fact]
    public async Task ShardSizes_FeedAnOrder()
    {
        using var folder = new TempFolder();
        Samples.Pack(folder.Path);
        Dataset dataset = await OpenAsync(folder);
        var order = new SampleOrder(dataset.ShardSizes(), seed: 1, shuffleBlockBytes: 2000);

        Assert.Equal(Enumerable.Range(0, Samples.Train), Enumerable.Range(0, order.Count).Select(position => order.At(0, position)).Order());
    }

    [Fact]
    public async Task Find_Key_GivesItsOrdinal()
    {
        using var folder = new TempFolder();
        Samples.Pack(folder.Path);
        Dataset dataset = await OpenAsync(folder);

        Assert.Equal(7, await dataset.FindAsync("train-7", Cancellation));
        Assert.Null(await dataset.FindAsync("test-0", Cancellation));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(Samples.Train)]
    public async Task Get_NoSuchOrdinal_IsRefused(int ordinal)
    {
        using var folder = new TempFolder();
        Samples.Pack(folder.Path);
        Dataset dataset = await OpenAsync(folder);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await dataset.GetAsync(ordinal, Cancellation));
    }

    internal static void Flip(string path, long position)
    {
        using var file = new FileStream(path, FileMode.Open);
        file.Position = position;
        int value = file.ReadByte();
        file.Position = position;
        file.WriteByte((byte)(value ^ 1));
    }

    private static Task<Dataset> OpenAsync(TempFolder folder) =>
        Dataset.OpenAsync(BlobStore.Open(folder.Path), "train", cancellationToken: Cancellation);
}
