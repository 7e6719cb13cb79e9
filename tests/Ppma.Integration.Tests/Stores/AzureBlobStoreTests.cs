using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
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

    [Fact]
    public async Task List_Folder_GivesItsFilesInOrderAndNoOthers()
    {
        BlobContainerClient container = await azurite.CreateContainerAsync();
        foreach (string name in new[] { "set/b/2", "set/a", "set/b/10", "set", "set2/a", "other" })
        {
            await container.UploadBlobAsync(name, new BinaryData(name), _cancellation);
        }

        List<BlobFacts> files = await ListAsync(Open(container, "set"));

        Assert.Equal(["a", "b/10", "b/2"], files.Select(file => file.Name));
        Assert.Equal(5, files[0].Length);
        Assert.Equal((await Open(container, "set").GetFactsAsync("a", _cancellation)).ETag, files[0].ETag);
    }

    [Theory]
    [InlineData("with space.tar")]
    [InlineData("100%25 of it.tar")]
    [InlineData("a#b?c&d=e+f.tar")]
    [InlineData("Kätzchen/猫 (1)/~'!@$,;.tar")]
    public async Task Blob_WithAnOddName_IsWrittenListedAndRead(string name)
    {
        BlobContainerClient container = await azurite.CreateContainerAsync($"odd {name.Length}");
        IBlobStore store = Open(container, "a set%2520/ü");

        await store.WriteAsync(name, new MemoryStream([1, 2, 3]), overwrite: false, _cancellation);

        Assert.Equal([name], (await ListAsync(store)).Select(file => file.Name));
        byte[] read = new byte[3];
        await Open(container, "a set%2520/ü").ReadAsync(name, 0, read, _cancellation);
        Assert.Equal([1, 2, 3], read);
        var seen = new List<string>();
        await foreach (BlobItem blob in container.GetBlobsAsync(cancellationToken: _cancellation))
        {
            seen.Add(blob.Name);
        }

        Assert.Equal([$"a set%20/ü/{name}"], seen);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(20_000_000)]
    public async Task Write_OfABlobThatIsThere_NeedsLeaveToOverwrite(int bytes)
    {
        BlobContainerClient container = await azurite.CreateContainerAsync($"overwrite {bytes}");
        IBlobStore store = Open(container, "set");
        byte[] first = RandomNumberGenerator.GetBytes(bytes);
        byte[] second = RandomNumberGenerator.GetBytes(bytes);

        await store.WriteAsync("a", new MemoryStream(first), overwrite: false, _cancellation);
        var refused = await Assert.ThrowsAsync<StoreException>(async () => await store.WriteAsync("a", new MemoryStream(second), overwrite: false, _cancellation));
        byte[] kept = await ReadAllAsync(store, bytes);
        await store.WriteAsync("a", new MemoryStream(second), overwrite: true, _cancellation);
        byte[] replaced = await ReadAllAsync(store, bytes);

        Assert.Equal((StoreFailure.AlreadyExists, store.Locate("a")), (refused.Failure, refused.Uri));
        Assert.True(first.AsSpan().SequenceEqual(kept));
        Assert.True(second.AsSpan().SequenceEqual(replaced));
    }

    [Fact]
    public async Task Write_ContentThatBreaks_LeavesNothing()
    {
        BlobContainerClient container = await azurite.CreateContainerAsync();
        IBlobStore store = Open(container, "set");

        await Assert.ThrowsAnyAsync<Exception>(async () => await store.WriteAsync("a", new BreakingStream(20_000_000), overwrite: false, _cancellation));

        Assert.Empty(await ListAsync(store));
    }

    [Fact]
    public async Task Read_BlobThatWasReplaced_IsChanged()
    {
        BlobContainerClient container = await azurite.CreateContainerAsync();
        await container.UploadBlobAsync("set/a", new BinaryData("first"), _cancellation);
        IBlobStore store = Open(container, "set");
        string seen = (await store.GetFactsAsync("a", _cancellation)).ETag!;

        await container.GetBlobClient("set/a").UploadAsync(new BinaryData("other"), overwrite: true, _cancellation);

        var read = await Assert.ThrowsAsync<StoreException>(async () => await store.ReadAsync("a", 0, new byte[5], _cancellation));
        var asked = await Assert.ThrowsAsync<StoreException>(async () => await store.GetFactsAsync("a", _cancellation));
        string now = (await Open(container, "set").GetFactsAsync("a", _cancellation)).ETag!;
        Assert.Equal((StoreFailure.Changed, StoreFailure.Changed), (read.Failure, asked.Failure));
        Assert.Contains($"the data set changed under the run: version {seen} is read, and {now}, written", read.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_VersionOfAnIndex_IsTheOnlyOneTaken()
    {
        BlobContainerClient container = await azurite.CreateContainerAsync();
        await container.UploadBlobAsync("set/a", new BinaryData("first"), _cancellation);
        string first = (await Open(container, "set").GetFactsAsync("a", _cancellation)).ETag!;
        await container.GetBlobClient("set/a").UploadAsync(new BinaryData("other"), overwrite: true, _cancellation);
        IBlobStore store = Open(container, "set");
        store.Pin("a", first);

        var failed = await Assert.ThrowsAsync<StoreException>(async () => await store.ReadAsync("a", 0, new byte[5], _cancellation));

        Assert.Equal(StoreFailure.Changed, failed.Failure);
    }

    [Fact]
    public async Task Read_BlobOrContainerMissing_IsNotFound()
    {
        BlobContainerClient container = await azurite.CreateContainerAsync();
        IBlobStore store = Open(container, "set");

        var blob = await Assert.ThrowsAsync<StoreException>(async () => await store.ReadAsync("a", 0, new byte[1], _cancellation));
        await container.DeleteAsync(cancellationToken: _cancellation);
        var list = await Assert.ThrowsAsync<StoreException>(() => ListAsync(store));

        Assert.Equal((StoreFailure.NotFound, StoreFailure.NotFound), (blob.Failure, list.Failure));
        Assert.StartsWith($"{store.Locate("a")}: there is no such blob", blob.Message, StringComparison.Ordinal);
        Assert.Contains("there is no such container", list.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_BeyondTheEnd_IsAShortRead()
    {
        BlobContainerClient container = await azurite.CreateContainerAsync();
        await container.UploadBlobAsync("set/a", new BinaryData("12345"), _cancellation);
        IBlobStore store = Open(container, "set");

        foreach (long offset in new[] { 3L, 5, 100 })
        {
            var failed = await Assert.ThrowsAsync<StoreException>(async () => await store.ReadAsync("a", offset, new byte[3], _cancellation));
            Assert.Equal(StoreFailure.ShortRead, failed.Failure);
        }
    }

    [Fact]
    public async Task Token_ThatWasRotated_IsTakenFromTheFile()
    {
        BlobContainerClient container = await azurite.CreateContainerAsync();
        await container.UploadBlobAsync("set/a", new BinaryData("12345"), _cancellation);
        File.WriteAllText(SecretPath, azurite.Server.SasUri(container.Name, BlobContainerSasPermissions.List).Query);
        IBlobStore store = BlobStore.Open(
            $"{azurite.Server.ContainerUri(container.Name)}/set", new StoreOptions { Credentials = AzureCredentials.SecretFile(SecretPath) });

        Assert.Single(await ListAsync(store));
        var refused = await Assert.ThrowsAsync<StoreException>(async () => await store.ReadAsync("a", 0, new byte[5], _cancellation));
        File.WriteAllText(SecretPath, azurite.Server.SasUri(container.Name).Query);
        await store.ReadAsync("a", 0, new byte[5], _cancellation);

        Assert.Equal(StoreFailure.PermissionDenied, refused.Failure);
        Assert.Contains(SecretPath, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_TokenWasRotated_BeginsAgainAtTheContentsStart()
    {
        BlobContainerClient container = await azurite.CreateContainerAsync();
        File.WriteAllText(SecretPath, azurite.Server.SasUri(container.Name).Query);
        IBlobStore store = BlobStore.Open(
            $"{azurite.Server.ContainerUri(container.Name)}/set", new StoreOptions { Credentials = AzureCredentials.SecretFile(SecretPath) });
        Assert.Empty(await ListAsync(store));
        byte[] content = RandomNumberGenerator.GetBytes(20_000_000);
        const BlobContainerSasPermissions All = BlobContainerSasPermissions.Read | BlobContainerSasPermissions.Create | BlobContainerSasPermissions.Write;

        File.WriteAllText(SecretPath, azurite.Server.SasUri(container.Name, All).Query);
        await store.WriteAsync("a", new MemoryStream(content), overwrite: false, _cancellation);

        byte[] read = await ReadAllAsync(store, content.Length);
        Assert.True(content.AsSpan().SequenceEqual(read));
    }

    private async Task<List<BlobFacts>> ListAsync(IBlobStore store)
    {
        var files = new List<BlobFacts>();
        await foreach (BlobFacts file in store.ListAsync(_cancellation))
        {
            files.Add(file);
        }

        return files;
    }

    private async Task<byte[]> ReadAllAsync(IBlobStore store, int bytes)
    {
        byte[] read = new byte[bytes];
        await store.ReadAsync("a", 0, read, _cancellation);
        return read;
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

    /// <summary>Breaks at its end, as a file on a disk that goes away.</summary>
    private sealed class BreakingStream(int length) : MemoryStream(new byte[length])
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < Length ? base.ReadAsync(buffer, cancellationToken) : throw new IOException("the disk went away");

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Position < Length ? base.ReadAsync(buffer, offset, count, cancellationToken) : throw new IOException("the disk went away");
    }
}
