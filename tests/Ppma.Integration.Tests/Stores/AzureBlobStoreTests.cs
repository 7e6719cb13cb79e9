using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Ppma.Datasets.Ranges;
using Ppma.Datasets.Stores;
using Ppma.Testing;

namespace Ppma.Integration.Tests.Stores;

/// <summary>The Azure store against a server that speaks Azure's protocol.</summary>
public sealed class AzureBlobStoreTests(AzuriteFixture azurite) : IDisposable
{
    private readonly TempFolder _folder = new("azure-store");
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    private string SecretPath => Path.Combine(_folder.Path, "secret");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_PartOfABlob_FillsTheBuffer()
    {
        BlobContainerClient container = await azurite.CreateContainerAsync();
        await container.UploadBlobAsync("set/a", new BinaryData(new byte[] { 0, 1, 2, 3, 4 }), _cancellation);
        IBlobStore store = Open(container, "set");
        byte[] buffer = new byte[3];

        await store.ReadAsync("a", 1, buffer, _cancellation);
        BlobFacts facts = await store.GetFactsAsync("a", _cancellation);

        Assert.Equal([1, 2, 3], buffer);
        Assert.Equal((5, true), (facts.Length, store.IsRemote));
        Assert.DoesNotContain('"', facts.ETag!);
        Assert.Equal($"{azurite.Server.ContainerUri(container.Name)}/set/a", store.Locate("a"));
    }

    [Fact]
    public async Task Copy_BlobOfManyRanges_GivesItsBytes()
    {
        BlobContainerClient container = await azurite.CreateContainerAsync();
        byte[] content = RandomNumberGenerator.GetBytes(11_000_003);
        await container.UploadBlobAsync("shard.tar", new BinaryData(content), _cancellation);
        var store = (IRangeStore)Open(container, "", new StoreOptions { Ranges = new RangeOptions { RangeBytes = 1 << 20 } });
        var sink = new MemorySink(content.Length);

        await store.CopyAsync("shard.tar", 0, content.Length, sink, _cancellation);

        Assert.True(content.AsSpan().SequenceEqual(sink.Bytes));
    }

    private IBlobStore Open(BlobContainerClient container, string folder, StoreOptions? options = null)
    {
        File.WriteAllText(SecretPath, azurite.Server.ConnectionString);
        return BlobStore.Open(
            $"{azurite.Server.ContainerUri(container.Name)}/{folder}",
            (options ?? new StoreOptions()) with { Credentials = AzureCredentials.SecretFile(SecretPath) });
    }

    private sealed class MemorySink(int length) : IRangeSink
    {
        public byte[] Bytes { get; } = new byte[length];

        public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            bytes.CopyTo(Bytes.AsMemory((int)offset));
            return ValueTask.CompletedTask;
        }
    }
}
