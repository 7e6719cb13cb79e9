using System.IO.Hashing;
using System.Security.Cryptography;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Tests.Reading;

public class DatasetVerifierTests
{
    [Fact]
    public async Task Verify_WholeDataset_GivesTheIndexAndReportsEveryShard()
    {
        using var folder = new TempFolder();
        DatasetIndex written = Samples.Pack(folder.Path);
        var reported = new ShardList();

        (DatasetIndex index, _) = await DatasetVerifier.VerifyAsync(
            BlobStore.Open(folder.Path), readShards: true, progress: reported, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(written.Shards, index.Shards);
        Assert.Equal(written.Shards, reported.OrderBy(shard => shard.Name, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Verify_ChangedByte_IsFoundByReadingTheShards()
    {
        using var folder = new TempFolder();
        Samples.Pack(folder.Path);
        DatasetTests.Flip(folder["test-000000.tar"], 600);

        await VerifyAsync(folder, readShards: false);
        var refused = await Assert.ThrowsAsync<DatasetFormatException>(() => VerifyAsync(folder, readShards: true));

        Assert.Equal(DatasetFault.HashMismatch, refused.Fault);
        Assert.StartsWith(folder["test-000000.tar"], refused.Message, StringComparison.Ordinal);
    }

    /// <summary>An index made by hand, all hashes right, whose offsets point into the middle of a member.</summary>
    [Fact]
    public async Task Verify_OffsetsThatAreNoMembers_AreFoundByReadingTheShards()
    {
        using var folder = new TempFolder();
        DatasetIndex index = Samples.Pack(folder.Path);
        ShardEntry shard = index.Shards[0];
        OffsetTable table = OffsetTable.Parse(File.ReadAllBytes(folder[shard.Offsets.Name]), shard, classes: 2, "");
        SampleRecord[] records = [.. Enumerable.Range(0, table.Count).Select(i => table[i])];
        byte[] middle = File.ReadAllBytes(folder[shard.Name])[(int)(records[0].Offset + 1)..(int)(records[0].Offset + 11)];
        records[0] = records[0] with { Offset = records[0].Offset + 1, Length = 10, Hash = XxHash3.HashToUInt64(middle) };
        byte[] offsets = OffsetTable.Serialize(records);
        ShardEntry forged = shard with { Offsets = shard.Offsets with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(offsets)) } };
        File.WriteAllBytes(folder[shard.Offsets.Name], offsets);
        File.WriteAllBytes(folder["index.json"], IndexJson.Serialize(index with { Shards = [forged, .. index.Shards.Skip(1)] }));

        var refused = await Assert.ThrowsAsync<DatasetFormatException>(() => VerifyAsync(folder, readShards: true));

        Assert.Contains($"is no member of the shard '{shard.Name}'", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>An index whose shards are one and the same file under two names.</summary>
    [Fact]
    public async Task Verify_KeyInTwoShards_NamesBothPlaces()
    {
        using var folder = new TempFolder();
        DatasetIndex index = Samples.Pack(folder.Path);
        ShardEntry twin = index.Shards[^1] with { Name = "twin.tar", Split = "extra", Offsets = index.Shards[^1].Offsets with { Name = "twin.tar.idx" } };
        File.Copy(folder[index.Shards[^1].Name], folder["twin.tar"]);
        File.Copy(folder[index.Shards[^1].Offsets.Name], folder["twin.tar.idx"]);
        File.WriteAllBytes(folder["index.json"], IndexJson.Serialize(index with { Shards = [.. index.Shards, twin] }));

        var refused = await Assert.ThrowsAsync<DatasetFormatException>(() => VerifyAsync(folder, readShards: false));

        Assert.Contains("occurs twice in the data set: sample 0 here, sample 0 of ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(folder["twin.tar"], refused.Message, StringComparison.Ordinal);
        Assert.Contains(folder[index.Shards[^1].Name], refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_WrongHashOfASample_IsFoundByReadingTheShards()
    {
        using var folder = new TempFolder();
        DatasetIndex index = Samples.Pack(folder.Path);
        ShardEntry shard = index.Shards[0];
        OffsetTable table = OffsetTable.Parse(File.ReadAllBytes(folder[shard.Offsets.Name]), shard, classes: 2, "");
        byte[] offsets = OffsetTable.Serialize([.. Enumerable.Range(0, table.Count).Select(i => table[i] with { Hash = 1 })]);
        ShardEntry forged = shard with { Offsets = shard.Offsets with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(offsets)) } };
        File.WriteAllBytes(folder[shard.Offsets.Name], offsets);
        File.WriteAllBytes(folder["index.json"], IndexJson.Serialize(index with { Shards = [forged, .. index.Shards.Skip(1)] }));

        var refused = await Assert.ThrowsAsync<DatasetFormatException>(() => VerifyAsync(folder, readShards: true));

        Assert.Equal(DatasetFault.HashMismatch, refused.Fault);
        Assert.Contains("but 0000000000000001 is recorded", refused.Message, StringComparison.Ordinal);
    }

    private static Task<(DatasetIndex Index, string Digest)> VerifyAsync(TempFolder folder, bool readShards) => DatasetVerifier.VerifyAsync(
        BlobStore.Open(folder.Path), readShards: readShards, cancellationToken: TestContext.Current.CancellationToken);

    private sealed class ShardList : List<ShardEntry>, IProgress<ShardEntry>
    {
        public void Report(ShardEntry value) => Add(value);
    }
}
