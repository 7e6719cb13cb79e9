using Ppma.Datasets.Indexing;
using Ppma.Datasets.Packing;
using Ppma.Datasets.Packing.Sources;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;
using Ppma.Datasets.Tests.Packing.Sources;

namespace Ppma.Datasets.Tests.Packing;

public sealed class UploadedPackTests : IDisposable
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private readonly TempFolder _folder = new();
    private readonly SourceTree _tree = new([.. Enumerable.Range(0, 40).Select(i => $"{(i % 4 == 0 ? "test" : "train")}/wave/v {i}.mp4")]);
    private readonly RemoteFolder _remote = new();

    public void Dispose()
    {
        _folder.Dispose();
        _tree.Dispose();
    }

    [Fact]
    public async Task Pack_RemoteTarget_HoldsWhatAFolderWould()
    {
        PackResult local = await PackAsync(BlobStore.Open(_folder["set"]));
        PackResult remote = await PackAsync(_remote);

        Assert.Equal(local.Digest, remote.Digest);
        Assert.Equal(Directory.EnumerateFiles(_folder["set"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal), _remote.Blobs.Keys.Order(StringComparer.Ordinal));
        Assert.All(_remote.Blobs, blob => Assert.Equal(File.ReadAllBytes(_folder[$"set/{blob.Key}"]), blob.Value.Bytes));
        Assert.Equal("index.json", _remote.Written.Last());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["work"]));
        Assert.False((await PackAsync(_remote)).Written);
        await DatasetVerifier.VerifyAsync(_remote, remote.Digest, readShards: true, cancellationToken: _cancellation);
    }

    /// <summary>The network fails at each file in turn, before or after it is there: no shard is sent twice but the one that failed.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pack_UploadFailsAtAnyFile_GoesOnAndSendsNoShardTwice(bool after)
    {
        string digest = (await PackAsync(_remote)).Digest;
        string[] files = [.. _remote.Written];
        foreach (string failing in files)
        {
            var remote = new RemoteFolder { Failing = (failing, after) };
            var failed = await Assert.ThrowsAsync<StoreException>(() => PackAsync(remote));
            Assert.Contains("the network failed", failed.Message, StringComparison.Ordinal);

            PackResult resumed = await PackAsync(remote);

            Assert.Equal(digest, resumed.Digest);
            Assert.Equal(files.Order(StringComparer.Ordinal), remote.Blobs.Keys.Order(StringComparer.Ordinal));
            string shard = failing.Replace(".idx", "", StringComparison.Ordinal);
            Assert.All(
                remote.Written.GroupBy(name => name).Where(name => name.Count() > 1),
                name => Assert.Equal(shard, name.Key.Replace(".idx", "", StringComparison.Ordinal)));
            await DatasetVerifier.VerifyAsync(remote, digest, readShards: true, cancellationToken: _cancellation);
            Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["work"]));
        }
    }

    /// <summary>What is gone or another version at the target is packed and sent again.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pack_UploadedShardChangedBeforeResuming_IsSentAgain(bool gone)
    {
        string digest = (await PackAsync(_remote)).Digest;
        var remote = new RemoteFolder { Failing = ("train-000001.tar", false) };
        await Assert.ThrowsAsync<StoreException>(() => PackAsync(remote));
        if (gone)
        {
            Assert.True(remote.Blobs.TryRemove("train-000000.tar", out _));
        }
        else
        {
            remote.Blobs["train-000000.tar"] = ([1, 2, 3], "another");
        }

        Assert.Equal(digest, (await PackAsync(remote)).Digest);
        await DatasetVerifier.VerifyAsync(remote, digest, readShards: true, cancellationToken: _cancellation);
    }

    [Fact]
    public async Task Pack_WhileUploading_KeepsFewShardsOnDisk()
    {
        int most = 0;
        var encoder = new CopyOfFiles(_ =>
        {
            int shards = Directory.Exists(_folder["work"]) ? Directory.EnumerateFiles(_folder["work"], "*.tar", SearchOption.AllDirectories).Count() : 0;
            most = Math.Max(most, shards);
        });

        PackResult result = await PackAsync(_remote, encoder, threads: 1);

        Assert.True(result.Index.Shards.Count > 6);
        Assert.InRange(most, 1, 4);
    }

    [Fact]
    public async Task Pack_OtherFilesAtTheTarget_IsRefused()
    {
        _remote.Blobs["thesis.tex"] = ([1], "0x1");

        var refused = await Assert.ThrowsAsync<DatasetWriteException>(() => PackAsync(_remote));

        Assert.Equal(
            "https://store.example/container: there are other files here ('thesis.tex') and no data set. Choose an empty container or prefix.",
            refused.Message);
        Assert.Single(_remote.Blobs);
    }

    [Fact]
    public async Task Pack_AnotherDataSetAtTheTarget_IsReplacedOnlyIfAsked()
    {
        await PackAsync(_remote);
        byte[] before = _remote.Blobs["index.json"].Bytes;

        var refused = await Assert.ThrowsAsync<DatasetWriteException>(() => PackAsync(_remote, name: "other"));
        Assert.Contains("another data set is here", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, _remote.Blobs["index.json"].Bytes);

        PackResult replaced = await PackAsync(_remote, name: "other", overwrite: true);
        await DatasetVerifier.VerifyAsync(_remote, replaced.Digest, readShards: true, cancellationToken: _cancellation);
    }

    /// <summary>A file that appears while we pack is another job's: neither wins in silence.</summary>
    [Fact]
    public async Task Pack_AnotherJobWritesThere_IsAnError()
    {
        var encoder = new CopyOfFiles(_ => _remote.Blobs["train-000001.tar"] = ([1], "0x1"));

        var refused = await Assert.ThrowsAsync<StoreException>(() => PackAsync(_remote, encoder));

        Assert.Equal(StoreFailure.AlreadyExists, refused.Failure);
    }

    private Task<PackResult> PackAsync(
        IBlobStore target, CopyOfFiles? encoder = null, string name = "tiny", bool overwrite = false, int threads = 2) =>
        DatasetPacker.PackAsync(
            new PackRequest
            {
                Sources = FolderSources.Find(_tree.Path),
                Encoder = encoder ?? new CopyOfFiles(),
                Target = target,
                Name = name,
                Humans = HumanPresence.Synthetic,
                Licence = "CC0-1.0",
                ShardBytes = 12_000,
                Threads = threads,
                Overwrite = overwrite,
                WorkFolder = _folder["work"],
            },
            cancellationToken: _cancellation);
}
