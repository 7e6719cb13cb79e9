using System.Formats.Tar;
using System.Text;
using Azure.Storage.Blobs;
using Ppma.Datasets;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Scanning;
using Ppma.Datasets.Stores;
using Ppma.Testing;

namespace Ppma.Integration.Tests.Scanning;

/// <summary>Tars that lie in a container become a data set there.</summary>
public sealed class RemoteIndexingTests(AzuriteFixture azurite) : IDisposable
{
    private const int ClipsPerShard = 40;

    private readonly TempFolder _folder = new("indexing");
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, ShardHashing.ETag)]
    [InlineData(true, ShardHashing.Sha256)]
    public async Task Index_TarsInAContainer_ReadsBack(bool hash, ShardHashing hashing)
    {
        BlobContainerClient container = await azurite.CreateContainerAsync($"{nameof(Index_TarsInAContainer_ReadsBack)}{hash}");
        await UploadAsync(container, "set/train-000000.tar", first: 0);
        await UploadAsync(container, "set/train-000001.tar", first: 1000);
        await UploadAsync(container, "set/test-000000.tar", first: 2000);

        IndexedDataset indexed = await IndexAsync(Open(container), hash);

        Assert.Equal(hashing, indexed.Index.Hashing);
        Assert.Equal(["class-000", "class-001", "class-002"], indexed.Index.Classes);
        (DatasetIndex index, _) = await DatasetVerifier.VerifyAsync(Open(container), indexed.Digest, readShards: true, cancellationToken: _cancellation);
        Assert.Equal(3 * ClipsPerShard, index.Samples);
        Dataset train = await Dataset.OpenAsync(Open(container), "train", cancellationToken: _cancellation);
        SampleRef sample = await train.GetAsync(ClipsPerShard + 7, _cancellation);
        using var video = await train.ReadVideoAsync(sample, _cancellation);
        Assert.Equal(("clip-1007", 1007 % 3), (sample.Record.Key, sample.Record.Label));
        Assert.Equal(Clip(1007), video.Memory.ToArray());
    }

    [Fact]
    public async Task Index_ShardReplacedAfterwards_IsRefusedAsChanged()
    {
        BlobContainerClient container = await azurite.CreateContainerAsync();
        await UploadAsync(container, "set/train-000000.tar", first: 0);
        IndexedDataset indexed = await IndexAsync(Open(container), hash: false);
        Dataset open = await Dataset.OpenAsync(Open(container), "train", cancellationToken: _cancellation);
        SampleRef sample = await open.GetAsync(3, _cancellation);

        await UploadAsync(container, "set/train-000000.tar", first: 0);

        var reading = await Assert.ThrowsAsync<StoreException>(async () => await open.ReadVideoAsync(sample, _cancellation));
        Assert.Equal(StoreFailure.Changed, reading.Failure);
        var verifying = await Assert.ThrowsAsync<DatasetFormatException>(
            () => DatasetVerifier.VerifyAsync(Open(container), indexed.Digest, cancellationToken: _cancellation));
        Assert.Equal(DatasetFault.HashMismatch, verifying.Fault);
        Assert.Contains("set/train-000000.tar: the shard has the ETag ", verifying.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Index_Again_GivesTheSameDigestOnlyWhenAskedTo()
    {
        BlobContainerClient container = await azurite.CreateContainerAsync();
        await UploadAsync(container, "set/train-000000.tar", first: 0);
        IndexedDataset first = await IndexAsync(Open(container), hash: false);

        var refused = await Assert.ThrowsAsync<StoreException>(() => IndexAsync(Open(container), hash: false));
        IndexedDataset second = await IndexAsync(Open(container), hash: false, overwrite: true);

        Assert.Equal(StoreFailure.AlreadyExists, refused.Failure);
        Assert.Equal(first.Digest, second.Digest);
    }

    private static byte[] Clip(int number) => RandomBytes.Of(20_000 + number, seed: number);

    private async Task UploadAsync(BlobContainerClient container, string name, int first)
    {
        var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, TarEntryFormat.Pax, leaveOpen: true))
        {
            for (int number = first; number < first + ClipsPerShard; number++)
            {
                await WriteAsync(writer, $"clip-{number}.cls", Encoding.ASCII.GetBytes($"{number % 3}\n"));
                await WriteAsync(writer, $"clip-{number}.mp4", Clip(number));
            }
        }

        tar.Position = 0;
        await container.GetBlobClient(name).UploadAsync(tar, overwrite: true, _cancellation);

        async Task WriteAsync(TarWriter writer, string member, byte[] data) => await writer.WriteEntryAsync(
            new PaxTarEntry(TarEntryType.RegularFile, member) { DataStream = new MemoryStream(data) }, _cancellation);
    }

    private Task<IndexedDataset> IndexAsync(IBlobStore store, bool hash, bool overwrite = false) => DatasetIndexer.IndexAsync(
        store, new IndexingOptions { Humans = HumanPresence.None, Hash = hash, Overwrite = overwrite }, cancellationToken: _cancellation);

    private IBlobStore Open(BlobContainerClient container)
    {
        string secret = Path.Combine(_folder.Path, "secret");
        File.WriteAllText(secret, azurite.Server.ConnectionString);
        return BlobStore.Open(
            $"{azurite.Server.ContainerUri(container.Name)}/set", new StoreOptions { Credentials = AzureCredentials.SecretFile(secret) });
    }
}
