using Azure.Storage.Blobs;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Ranges;
using Ppma.Datasets.Stores;
using Ppma.Testing;

namespace Ppma.Benchmarks.Streaming;

/// <summary>The benchmark's data set: in a folder, and as blobs of a container.</summary>
internal sealed class BenchmarkData : IDisposable
{
    public const string Container = "benchmark";

    public const string ContainerWithoutHashes = "benchmark-etag";

    private readonly TempFolder _folder = new("stream-benchmark");
    private string _signature = "";

    private BenchmarkData(long bytes)
    {
        Folder = Path.Combine(_folder.Path, "data");
        Scratch = Directory.CreateDirectory(Path.Combine(_folder.Path, "scratch")).FullName;
        Index = BenchmarkShards.Write(Folder, bytes);
    }

    public DatasetIndex Index { get; }

    public string Folder { get; }

    /// <summary>For whatever is to go away with the data.</summary>
    public string Scratch { get; }

    public static async Task<BenchmarkData> CreateAsync(AzuriteServer azurite, long bytes)
    {
        var data = new BenchmarkData(bytes);
        BlobContainerClient container = await azurite.CreateContainerAsync(Container);
        await BenchmarkShards.UploadAsync(data.Folder, container);
        data._signature = await data.AllowAsync(azurite, Container);
        return data;
    }

    /// <summary>Once more the same shards, under an index that names their ETags instead of hashes.</summary>
    public async Task UploadWithoutHashesAsync(AzuriteServer azurite)
    {
        BlobContainerClient container = await azurite.CreateContainerAsync(ContainerWithoutHashes);
        await BenchmarkShards.UploadAsync(Folder, container);
        await AllowAsync(azurite, ContainerWithoutHashes);
        IRangeStore store = OpenStore(azurite.ContainerUri(ContainerWithoutHashes));
        var shards = new List<ShardEntry>();
        foreach (ShardEntry shard in Index.Shards)
        {
            shards.Add(shard with { Sha256 = null, ETag = (await store.GetFactsAsync(shard.Name)).ETag });
        }

        byte[] index = IndexJson.Serialize(Index with { Hashing = ShardHashing.ETag, Shards = shards });
        await container.GetBlobClient(DatasetIndex.FileName).UploadAsync(new BinaryData(index), overwrite: true);
    }

    /// <summary>Gets a signature for a container, with which its store can be opened.</summary>
    public async Task<string> AllowAsync(AzuriteServer azurite, string container)
    {
        string signature = azurite.SasUri(container).Query;
        await File.WriteAllTextAsync(SecretFile(container), signature);
        return signature;
    }

    /// <summary>The store of a container that was allowed.</summary>
    public IRangeStore OpenStore(Uri container, StreamMetrics? metrics = null) =>
        OpenStore(container, AzureCredentials.SecretFile(SecretFile(Path.GetFileName(container.AbsolutePath))), metrics);

    /// <summary>The store of a container.</summary>
    public static IRangeStore OpenStore(Uri container, AzureCredentials credentials, StreamMetrics? metrics = null) =>
        (IRangeStore)BlobStore.Open(container.AbsoluteUri, new StoreOptions { Credentials = credentials, Metrics = metrics ?? new StreamMetrics() });

    /// <summary>A blob's address with the signature that other clients need.</summary>
    public Uri Signed(Uri container, string name) => new($"{container.AbsoluteUri}/{name}{_signature}");

    private string SecretFile(string container) => Path.Combine(Scratch, $"{container}.sas");

    public void Dispose() => _folder.Dispose();
}
