using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Packing;
using Ppma.Datasets.Packing.Sources;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;
using Ppma.Testing;

namespace Ppma.Integration.Tests.Packing;

/// <summary>Packing to a container: shard by shard, on after an interruption, the index last.</summary>
public sealed class RemotePackTests : IDisposable
{
    private const int Files = 60;
    private const int FileBytes = 100_000;

    private readonly AzuriteFixture _azurite;
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private readonly TempFolder _folder = new("remote-pack");

    public RemotePackTests(AzuriteFixture azurite)
    {
        _azurite = azurite;
        byte[] content = RandomBytes.Of(Files * FileBytes);
        for (int i = 0; i < Files; i++)
        {
            string path = Path.Combine(Sources, i % 3 == 0 ? "test" : "train", "wave", $"v {i}.mp4");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content[(i * FileBytes)..((i + 1) * FileBytes)]);
        }
    }

    private string Sources => Path.Combine(_folder.Path, "videos");

    private string Work => Path.Combine(_folder.Path, "work");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pack_InterruptedUpload_GoesOnWithoutSendingShardsAgain()
    {
        BlobContainerClient container = await _azurite.CreateContainerAsync();
        IBlobStore store = Open(container);
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(_cancellation))
        {
            var interrupting = new Copy(done =>
            {
                // The disk holds three shards at most, so by then others are uploaded.
                if (done == 50)
                {
                    stop.Cancel();
                }
            });
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PackAsync(store, interrupting, cancellation: stop.Token));
        }

        string[] journal = await File.ReadAllLinesAsync(Assert.Single(Directory.GetFiles(Work, "uploads.jsonl", SearchOption.AllDirectories)), _cancellation);
        Dictionary<string, string> before = await ETagsAsync(store);
        string[] sent = [.. journal.Skip(1).Select(line => (string)JsonNode.Parse(line)!["Name"]!)];
        Assert.True(sent.Length >= 2, $"{sent.Length} shards were uploaded.");
        Assert.DoesNotContain("index.json", before.Keys);

        PackResult resumed = await PackAsync(Open(container), new Copy());

        Dictionary<string, string> after = await ETagsAsync(store);
        Assert.All(sent, shard => Assert.Equal((before[shard], before[$"{shard}.idx"]), (after[shard], after[$"{shard}.idx"])));
        PackResult local = await PackAsync(BlobStore.Open(Path.Combine(_folder.Path, "local")), new Copy());
        Assert.Equal(local.Digest, resumed.Digest);
        await DatasetVerifier.VerifyAsync(Open(container), local.Digest, readShards: true, cancellationToken: _cancellation);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Work));
    }

    [Fact]
    public async Task Pack_DataSetAtTheTarget_IsReplacedOnlyIfAsked()
    {
        BlobContainerClient container = await _azurite.CreateContainerAsync();
        PackResult first = await PackAsync(Open(container), new Copy());
        Assert.False((await PackAsync(Open(container), new Copy())).Written);

        var refused = await Assert.ThrowsAsync<DatasetWriteException>(() => PackAsync(Open(container), new Copy(), name: "other"));
        Assert.Contains("another data set is here", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", refused.Message, StringComparison.Ordinal);

        PackResult second = await PackAsync(Open(container), new Copy(), name: "other", overwrite: true);
        Assert.NotEqual(first.Digest, second.Digest);
        await DatasetVerifier.VerifyAsync(Open(container), second.Digest, readShards: true, cancellationToken: _cancellation);
    }

    [Fact]
    public async Task Pack_NoRightToWrite_SaysSo()
    {
        BlobContainerClient container = await _azurite.CreateContainerAsync();

        var refused = await Assert.ThrowsAsync<StoreException>(() =>
            PackAsync(Open(container, BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List), new Copy()));

        Assert.Equal(StoreFailure.PermissionDenied, refused.Failure);
    }

    private IBlobStore Open(
        BlobContainerClient container,
        BlobContainerSasPermissions permissions = BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List | BlobContainerSasPermissions.Write | BlobContainerSasPermissions.Create)
    {
        string secret = Path.Combine(_folder.Path, "sas");
        File.WriteAllText(secret, _azurite.Server.SasUri(container.Name, permissions).Query);
        return BlobStore.Open(
            $"{_azurite.Server.ContainerUri(container.Name)}/sets/tiny", new StoreOptions { Credentials = AzureCredentials.SecretFile(secret) });
    }

    private Task<PackResult> PackAsync(
        IBlobStore target, Copy encoder, string name = "tiny", bool overwrite = false, CancellationToken? cancellation = null) =>
        DatasetPacker.PackAsync(
            new PackRequest
            {
                Sources = FolderSources.Find(Sources),
                Encoder = encoder,
                Target = target,
                Name = name,
                Humans = HumanPresence.Synthetic,
                Licence = "CC0-1.0",
                ShardBytes = 500_000,
                Overwrite = overwrite,
                WorkFolder = Work,
            },
            cancellationToken: cancellation ?? _cancellation);

    private async Task<Dictionary<string, string>> ETagsAsync(IBlobStore store)
    {
        var eTags = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (BlobFacts blob in store.ListAsync(_cancellation))
        {
            eTags[blob.Name] = blob.ETag!;
        }

        return eTags;
    }

    /// <summary>Packs files as they are.</summary>
    private sealed class Copy(Action<int>? before = null) : ISampleEncoder
    {
        private int _count;

        public JsonObject Provenance => new() { ["deviation"] = "copied" };

        public string? ProblemOf(PackSource source) => null;

        public EncodedSample Encode(PackSource source, CancellationToken cancellationToken = default)
        {
            before?.Invoke(Interlocked.Increment(ref _count));
            cancellationToken.ThrowIfCancellationRequested();
            return new EncodedSample(File.ReadAllBytes(source.FullPath), "mp4", []);
        }
    }
}
