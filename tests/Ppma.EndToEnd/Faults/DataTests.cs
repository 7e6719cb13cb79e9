using Azure.Storage.Blobs;
using Ppma.Api.Conditions;
using Ppma.Api.Runs;
using Ppma.EndToEnd.Lab;

namespace Ppma.EndToEnd.Faults;

/// <summary>Data that is not, or no longer, what it was said to be. Each test has a container of its own.</summary>
public sealed class DataTests(Laboratory lab) : LabTest(lab)
{
    private static readonly string[] Sets = ["context", "synthetic"];

    [Fact]
    public async Task Shard_ChangedUnderARun_EndsItWithTheShardsName()
    {
        BlobContainerClient container = await UploadAsync();
        PretrainHandle run = await Space.StartSmallRunAsync(OwnData);
        await run.WaitForStepAsync("mae", 5);

        // Read by the second stage alone, whose pod begins with an empty cache. Which shards it comes to is a matter of the seed.
        List<string> shards = [.. (await Lab.Blobs.ListAsync(Space.Name, "synthetic/")).Where(path => path.EndsWith(".tar", StringComparison.Ordinal))];
        foreach (string shard in shards)
        {
            byte[] bytes = await Lab.Blobs.ReadAsync(Space.Name, shard);
            for (int i = 0; i < bytes.Length; i += 512)
            {
                bytes[i] ^= 0xff; // In every clip: one that is not visited is not missed.
            }

            await container.GetBlobClient(shard).UploadAsync(new BinaryData(bytes), overwrite: true, Cancellation);
        }

        RunStatus status = await run.WaitForConditionAsync("Ready", "False", nameof(Reason.DataDigestMismatch), timeoutSeconds: 600);
        string said = status.Conditions.Of("Ready")!.Message;
        Assert.Contains(shards, shard => said.Contains(shard, StringComparison.Ordinal));
        Assert.Equal([StageState.Succeeded, StageState.Failed], status.Stages.Select(stage => stage.State));
        Assert.Equal([1, 1], status.Stages.Select(stage => stage.Attempt));
        Assert.Equal(2, await run.CountJobsAsync());
        Say($"DataDigestMismatch: {said} {status.DescribeAttempts()}");
    }

    [Fact]
    public async Task Attestation_OfAnotherDigest_KeepsRunsAway_UntilItIsOfTheBytesThatAreThere()
    {
        string other = new('f', 64);
        PretrainHandle run = await Space.StartSmallRunAsync(manifests => manifests.ReplaceFirst(Data.DigestOf("context"), other));

        await Space.WaitAsync("videodataset/context", "jsonpath={.status.conditions[?(@.type==\"Ready\")].reason}=AttestationMismatch");
        string said = (await Space.DatasetAsync("context")).Status!.Conditions.Of("Ready")!.Message;
        Assert.Contains(other, said, StringComparison.Ordinal);
        Assert.Contains(Data.DigestOf("context"), said, StringComparison.Ordinal);
        await run.WaitForConditionAsync("PrivacyGatePassed", "False", nameof(Reason.AttestationMismatch));
        await run.AssertNothingWasMadeAsync();

        await Space.Kubectl.PatchAsync("videodataset", "context", $"{{\"spec\": {{\"attestation\": {{\"indexDigest\": \"{Data.DigestOf("context")}\"}}}}}}");
        await run.WaitForStepAsync("mae", 1);
        Say($"AttestationMismatch: {said} Attested: the run begins.");
    }

    [Fact]
    public async Task Dataset_ThatCannotBeRead_SaysWhy_AndIsVerifiedWhenAskedOnceItIsMended()
    {
        BlobContainerClient container = await UploadAsync();
        BlobClient index = container.GetBlobClient("context/index.json");
        byte[] whole = (await index.DownloadContentAsync(Cancellation)).Value.Content.ToArray();
        await index.UploadAsync(new BinaryData(whole[..(whole.Length / 2)]), overwrite: true, Cancellation);
        PretrainHandle run = await Space.StartSmallRunAsync(OwnData);

        await Space.WaitAsync("videodataset/context", "jsonpath={.status.conditions[?(@.type==\"Ready\")].reason}=VerificationFailed");
        string said = (await Space.DatasetAsync("context")).Status!.Conditions.Of("Ready")!.Message;
        Assert.Contains("index.json", said, StringComparison.Ordinal);
        await run.WaitForConditionAsync("DatasetsReady", "False", nameof(Reason.DatasetNotReady));
        await run.AssertNothingWasMadeAsync();

        await index.UploadAsync(new BinaryData(whole), overwrite: true, Cancellation);
        await Space.Kubectl.RunAsync("annotate", "videodataset/context", "ppma.cloud/requestedAt=now");
        await Space.WaitAsync("videodataset/context");
        Say($"VerificationFailed: {said} Mended and asked for: Ready.");
    }

    private string OwnData(string manifests) =>
        Sets.Aggregate(manifests, (text, set) => text.ReplaceFirst($"{Data.UriOf(set)}\n", $"{Data.UriOf(set, Space.Name)}\n"));

    private async Task<BlobContainerClient> UploadAsync()
    {
        BlobContainerClient container = await Lab.Blobs.Azurite.CreateContainerAsync(Space.Name, Cancellation);
        foreach (string set in Sets)
        {
            await Lab.Data.UploadAsync(set, Space.Name);
        }

        return container;
    }
}
